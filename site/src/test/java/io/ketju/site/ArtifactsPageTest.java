package io.ketju.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What docs/embedding.md says of artifacts is what their POMs and sources say. */
class ArtifactsPageTest {
    private static final Path ROOT = SiteTest.root();

    /** An artifact, what it is for, classes to begin with, what it brings. */
    private static final Pattern ROW = Pattern.compile(
            "^\\| `(?<artifact>ketju-[\\w-]+)` \\|.*\\| (?<classes>`[^|]*`) \\| (?<brings>[^|]*) \\|$",
            Pattern.MULTILINE);

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/embedding.md"));
    }

    private static List<String> found(Pattern pattern, CharSequence text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    @Test
    void everyArtifactIsInTheBomInTheVersionOfTheBuild() throws IOException {
        String page = page();
        Pattern artifact = Pattern.compile("<groupId>io\\.ketju</groupId>\\s*<artifactId>([\\w-]+)</artifactId>");
        List<String> bom = found(artifact, Files.readString(ROOT.resolve("bom/pom.xml")));
        assertThat(found(artifact, page)).hasSizeGreaterThan(8).isSubsetOf(bom);
        String parent = Files.readString(ROOT.resolve("pom.xml"));
        Pattern version = Pattern.compile(
                "<groupId>io\\.ketju</groupId>\\s*<artifactId>[\\w-]+</artifactId>\\s*<version>(.*)</version>");
        List<String> versions = found(version, page);
        assertThat(versions).hasSize(2).containsOnly(found(version, parent).getFirst());
    }

    /** On whatever page: what a reader puts into a POM is XML, and what it names of Ketju is in the BOM, in the version of the build. */
    @Test
    void whatAnyPageHasForAPomIsThere() throws Exception {
        Pattern block = Pattern.compile("^```xml\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
        String bom = Files.readString(ROOT.resolve("bom/pom.xml"));
        String version = found(
                        Pattern.compile("<artifactId>ketju-parent</artifactId>\\s*<version>(.*)</version>"),
                        Files.readString(ROOT.resolve("pom.xml")))
                .getFirst();
        int dependencies = 0;
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            for (Path page :
                    pages.filter(file -> file.toString().endsWith(".md")).toList()) {
                for (String xml : found(block, Files.readString(page))) {
                    for (Element dependency : ofKetju("<pom>" + xml.replaceFirst("<\\?xml.*\\?>", "") + "</pom>")) {
                        assertThat(bom).contains("<artifactId>" + text(dependency, "artifactId") + "</artifactId>");
                        assertThat(text(dependency, "version"))
                                .as("%s: %s", page, xml)
                                .isIn("", version);
                        dependencies++;
                    }
                }
            }
        }
        assertThat(dependencies).isGreaterThan(10);
    }

    private static List<Element> ofKetju(String xml) throws Exception {
        NodeList all = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)))
                .getElementsByTagName("dependency");
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> (Element) all.item(i))
                .filter(dependency -> text(dependency, "groupId").equals("io.ketju"))
                .toList();
    }

    private static String text(Element element, String name) {
        NodeList found = element.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    @Test
    void everyRowHasALineForAPom() throws IOException {
        String page = page();
        List<String> lines =
                found(Pattern.compile("^<dependency>.*<artifactId>([\\w-]+)</artifactId>", Pattern.MULTILINE), page);
        assertThat(ROW.matcher(page).results().map(row -> row.group("artifact")))
                .containsExactlyElementsOf(lines);
    }

    @Test
    void classesAreInTheArtifactThatIsSaidToHaveThem() throws IOException {
        for (MatchResult row : ROW.matcher(page()).results().toList()) {
            String module = row.group("artifact").replaceFirst("ketju-", "");
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                assertThat(files.map(file -> String.valueOf(file.getFileName())))
                        .as(module)
                        .containsAll(found(Pattern.compile("`(\\w+)`"), row.group("classes")).stream()
                                .map(name -> name + ".java")
                                .toList());
            }
        }
    }

    @Test
    void whatAnArtifactBringsOfKetjuIsInItsPom() throws IOException {
        for (MatchResult row : ROW.matcher(page()).results().toList()) {
            String module = row.group("artifact").replaceFirst("ketju-", "");
            String pom = Files.readString(ROOT.resolve(module).resolve("pom.xml"));
            for (String brought : found(Pattern.compile("`(ketju-[\\w-]+)`"), row.group("brings"))) {
                assertThat(pom).as(module).contains("<artifactId>" + brought + "</artifactId></dependency>");
            }
        }
    }
}
