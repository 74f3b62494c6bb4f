package io.ketju.site;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.util.SimpleDocTreeVisitor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first sentence of a Javadoc comment as Markdown: code and names of types stay code, other marks go. */
final class Summary extends SimpleDocTreeVisitor<@Nullable Void, @Nullable Void> {
    private final StringBuilder text = new StringBuilder();

    static String of(List<? extends DocTree> sentence) {
        Summary summary = new Summary();
        summary.visit(sentence, null);
        return summary.text.toString().replaceAll("\\s+", " ").strip();
    }

    private void code(String written) {
        text.append('`').append(written.replace('`', '\'')).append('`');
    }

    @Override
    public @Nullable Void visitText(TextTree tree, @Nullable Void nothing) {
        text.append(tree.getBody().replaceAll("[\\\\`*_\\[\\]<>#|&]", "\\\\$0"));
        return null;
    }

    @Override
    public @Nullable Void visitEntity(EntityTree tree, @Nullable Void nothing) {
        text.append(tree);
        return null;
    }

    @Override
    public @Nullable Void visitLiteral(LiteralTree tree, @Nullable Void nothing) {
        if (tree.getKind() == DocTree.Kind.CODE) {
            code(tree.getBody().getBody());
            return null;
        }
        return visitText(tree.getBody(), null);
    }

    @Override
    public @Nullable Void visitLink(LinkTree tree, @Nullable Void nothing) {
        if (tree.getLabel().isEmpty()) {
            String name = tree.getReference().getSignature().replaceFirst("^([a-z0-9]+\\.)+(?=[A-Z])", "");
            code(name.replaceFirst("^#", "").replace('#', '.'));
            return null;
        }
        return visit(tree.getLabel(), null);
    }
}
