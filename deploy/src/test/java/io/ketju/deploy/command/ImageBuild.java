package io.ketju.deploy.command;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the build of the container image says of it, in {@code dist/pom.xml}. */
final class ImageBuild {
    private static final Path POM = Manifest.root().resolve("dist/pom.xml");

    private ImageBuild() {}

    /** The command that arguments are appended to. */
    static List<String> entryPoint() {
        Element entry = (Element) document().getElementsByTagName("entrypoint").item(0);
        NodeList parts = entry.getElementsByTagName("arg");
        return IntStream.range(0, parts.getLength())
                .mapToObj(i -> parts.item(i).getTextContent())
                .toList();
    }

    /** {@code USER:GROUP}. */
    static String user() {
        return first("user");
    }

    /** The version that is in its name. */
    static String version() {
        return first("version");
    }

    private static String first(String tag) {
        return Objects.requireNonNull(document().getElementsByTagName(tag).item(0), tag)
                .getTextContent();
    }

    private static Document document() {
        try (InputStream in = Files.newInputStream(POM)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        } catch (Exception e) {
            throw new IllegalStateException(POM.toString(), e);
        }
    }
}
