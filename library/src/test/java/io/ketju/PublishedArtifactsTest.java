package io.ketju;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.data.Dataset;
import io.ketju.layers.Layer;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What a repository of artifacts gets: names, metadata, the BOM, sizes. */
class PublishedArtifactsTest {
    private static final Path ROOT = root();
    private static final long MOST_BYTES = 5_000_000;

    /** A module that is published, by its folder. */
    private record Module(String folder, Document pom) {
        String text(String... path) {
            return child(pom.getDocumentElement(), path)
                    .map(Node::getTextContent)
                    .orElse("");
        }

        Path sources() {
            return ROOT.resolve(folder).resolve("src/main/java");
        }
    }

    @Test
    void everyModuleSaysWhatItIsAndHasAModuleNameOfItsOwn() {
        assertThat(published()).hasSizeGreaterThan(9).allSatisfy(module -> {
            assertThat(module.text("name")).isNotBlank();
            assertThat(module.text("description")).endsWith(".");
            assertThat(module.text("properties", "ketju.module")).startsWith("io.ketju");
        });
        assertThat(published().stream().map(module -> module.text("properties", "ketju.module")))
                .doesNotHaveDuplicates();
        Module parent = new Module("", read(ROOT.resolve("pom.xml")));
        for (String wanted : List.of("name", "description", "url", "licenses", "developers", "scm")) {
            assertThat(parent.text(wanted)).as(wanted).isNotBlank();
        }
    }

    /** No package in two modules, which programs on the module path could not use; and every one below its module's name. */
    @Test
    void packagesLieBelowTheNamesOfTheirModules() throws IOException {
        for (Module module : published()) {
            if (!Files.isDirectory(module.sources())) {
                continue;
            }
            String name = module.text("properties", "ketju.module");
            try (Stream<Path> files = Files.walk(module.sources())) {
                assertThat(files.filter(file -> file.toString().endsWith(".java"))
                                .map(file -> module.sources()
                                        .relativize(file.getParent())
                                        .toString()
                                        .replace('/', '.'))
                                .distinct())
                        .as(module.folder())
                        .allMatch(room -> room.equals(name) || room.startsWith(name + "."));
            }
        }
    }

    @Test
    void theBomHasAllOfThemAndNothingElse() {
        Document bom = read(ROOT.resolve("bom/pom.xml"));
        List<String> listed = new ArrayList<>();
        NodeList dependencies = bom.getElementsByTagName("dependency");
        for (int i = 0; i < dependencies.getLength(); i++) {
            listed.add(child((Element) dependencies.item(i), "artifactId")
                    .orElseThrow()
                    .getTextContent());
        }
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(published().stream()
                        .map(module -> module.text("artifactId"))
                        .toList());
        Module parent = new Module("", read(ROOT.resolve("pom.xml")));
        assertThat(new Module("bom", bom).text("version")).isEqualTo(parent.text("version"));
    }

    @Test
    void noLibraryBringsALoggingBackend() {
        for (Module module : published()) {
            NodeList dependencies = module.pom().getElementsByTagName("dependency");
            for (int i = 0; i < dependencies.getLength(); i++) {
                Element dependency = (Element) dependencies.item(i);
                String artifact = child(dependency, "artifactId").orElseThrow().getTextContent();
                boolean test = child(dependency, "scope")
                        .filter(scope -> scope.getTextContent().equals("test"))
                        .isPresent();
                assertThat(test || !artifact.matches("logback.*|log4j.*|slf4j-(simple|nop|jdk14|reload4j)"))
                        .as(module.folder() + ": " + artifact)
                        .isTrue();
            }
        }
    }

    /** Packed as a jar packs them, what a program gets of Ketju without the data sets. */
    @Test
    void theOwnClassesAreSmall() throws IOException {
        long bytes = 0;
        for (Class<?> known : List.of(Tensor.class, Layer.class, Dataset.class, PipelineSpec.class, Ketju.class)) {
            bytes += packed(known);
        }
        assertThat(bytes).isBetween(500_000L, MOST_BYTES);
    }

    private static long packed(Class<?> known) throws IOException {
        Path home = home(known);
        String[] names = known.getPackageName().split("\\.", 4);
        String room = "io/ketju/" + names[2];
        if (Files.isDirectory(home)) {
            return zipped(home.resolve(room));
        }
        try (FileSystem jar = FileSystems.newFileSystem(home, Map.of())) {
            return zipped(jar.getPath(room));
        }
    }

    private static long zipped(Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                try (InputStream in = Files.newInputStream(file)) {
                    in.transferTo(zip);
                }
            }
        }
        return bytes.size();
    }

    private static Path home(Class<?> known) {
        try {
            URI place =
                    known.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(place);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In the order of the parent's list. */
    private static List<Module> published() {
        NodeList modules = read(ROOT.resolve("pom.xml")).getElementsByTagName("module");
        List<Module> found = new ArrayList<>();
        for (int i = 0; i < modules.getLength(); i++) {
            String folder = modules.item(i).getTextContent();
            Module module = new Module(folder, read(ROOT.resolve(folder).resolve("pom.xml")));
            if (!folder.equals("bom")
                    && !module.text("properties", "ketju.unpublished").equals("true")) {
                found.add(module);
            }
        }
        return found;
    }

    private static Optional<Element> child(Element parent, String... path) {
        Element at = parent;
        for (String name : path) {
            Element next = null;
            for (Node node = at.getFirstChild(); node != null && next == null; node = node.getNextSibling()) {
                if (node instanceof Element element && element.getTagName().equals(name)) {
                    next = element;
                }
            }
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.of(at);
    }

    private static Document read(Path pom) {
        try (InputStream in = Files.newInputStream(pom)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        } catch (Exception e) {
            throw new IllegalStateException(pom.toString(), e);
        }
    }

    private static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("ketju")) && Files.isRegularFile(folder.resolve("pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not within the repository");
    }
}
