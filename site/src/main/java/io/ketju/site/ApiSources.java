package io.ketju.site;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Public types of some sources, as the JDK's compiler reads them: parsed, not compiled, so what they need has not to be there. */
final class ApiSources extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final DocTrees comments;
    private final List<PublicType> types = new ArrayList<>();
    private final Map<String, String> rooms = new TreeMap<>();
    private final List<ClassTree> around = new ArrayList<>();
    private Path source = Path.of("");

    private ApiSources(DocTrees comments) {
        this.comments = comments;
    }

    /**
     * Reads the sources in a folder of the repository.
     *
     * @param root absolute
     */
    static ApiSources read(Path root, Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(root.resolve(folder))) {
            files = all.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    Writer.nullWriter(),
                    manager,
                    null,
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
            ApiSources sources = new ApiSources(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                sources.source = root.relativize(Path.of(unit.getSourceFile().toUri()));
                sources.scan(unit, null);
            }
            return sources;
        }
    }

    /** In the order of packages and names. */
    List<PublicType> types() {
        return types;
    }

    /** What packages say of themselves, as Markdown, by their names. */
    Map<String, String> rooms() {
        return rooms;
    }

    private String summary(TreePath path) {
        DocCommentTree comment = comments.getDocCommentTree(path);
        return comment == null ? "" : Summary.of(comment.getFirstSentence());
    }

    @Override
    public @Nullable Void visitPackage(PackageTree tree, @Nullable Void nothing) {
        if (source.endsWith("package-info.java")) {
            rooms.put(tree.getPackageName().toString(), summary(getCurrentPath()));
        }
        return null;
    }

    /** What is within a type that is not public is not public either; members of interfaces are without saying so. */
    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
        boolean member = !around.isEmpty()
                && (around.getLast().getKind() == Tree.Kind.INTERFACE
                        || around.getLast().getKind() == Tree.Kind.ANNOTATION_TYPE);
        if (!member && !tree.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
            return null;
        }
        around.add(tree);
        CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
        String room = String.valueOf(Objects.requireNonNull(unit.getPackageName(), source::toString));
        String name = String.join(
                ".", around.stream().map(one -> one.getSimpleName().toString()).toList());
        types.add(new PublicType(room, name, kind(tree), summary(getCurrentPath()), source));
        for (Tree inside : tree.getMembers()) {
            if (inside instanceof ClassTree) {
                scan(inside, null);
            }
        }
        around.removeLast();
        return null;
    }

    private static String kind(ClassTree tree) {
        return switch (tree.getKind()) {
            case INTERFACE -> "interface";
            case ANNOTATION_TYPE -> "annotation";
            case ENUM -> "enum";
            case RECORD -> "record";
            default -> "class";
        };
    }
}
