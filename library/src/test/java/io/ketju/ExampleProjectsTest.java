package io.ketju;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The projects to begin from are whole programs that depend on what is published, and nothing else. */
class ExampleProjectsTest {
    private static final Path PROJECTS = Path.of("..", "examples", "projects");

    @TempDir
    private Path folder;

    /** Every build compiles the plain one against what one dependency brings, and runs it. */
    @Test
    void thePlainProjectTrainsAndPredicts() throws Exception {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        compile(PROJECTS.resolve("plain/src/main/java/app/Digits.java"), classes);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            var program = loader.loadClass("app.Digits").getDeclaredMethod("trainAndPredict", Path.class);
            program.setAccessible(true);
            assertThat((int) program.invoke(null, folder.resolve("run"))).isBetween(0, 9);
        }
        assertThat(folder.resolve("run/model.safetensors")).exists();
    }

    /** What docs/embedding.md begins with is the plain project without its test: the same versions, release and flags. */
    @Test
    void theProjectOfThePageIsLikeThePlainOne() throws IOException {
        Matcher block = Pattern.compile("`pom\\.xml`:\\s*```xml\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "embedding.md")));
        assertThat(block.find()).isTrue();
        String page = block.group(1);
        String plain = Files.readString(PROJECTS.resolve("plain/pom.xml"));
        String parent = Files.readString(Path.of("..", "pom.xml"));
        for (String property : List.of("maven.compiler.release", "project.build.sourceEncoding")) {
            assertThat(property(page, property)).as(property).isEqualTo(property(plain, property));
        }
        assertThat(property(plain, "ketju.flags")).isEqualTo(property(parent, "ketju.jvm.flags"));
        assertThat(page)
                .contains(
                        "<commandlineArgs>" + property(plain, "ketju.flags") + " -classpath %classpath FirstProgram<");
        assertThat(property(plain, "ketju.version")).isEqualTo(version(parent, "ketju-parent"));
        assertThat(version(page, "ketju")).isEqualTo(property(plain, "ketju.version"));
        for (String artifact : List.of("slf4j-nop", "maven-compiler-plugin")) {
            assertThat(version(page, artifact)).as(artifact).isEqualTo(version(plain, artifact));
        }
        assertThat(version(page, "exec-maven-plugin")).isEqualTo(version(parent, "exec-maven-plugin"));
    }

    private static String property(String pom, String name) {
        return only(pom, "<" + name + ">([^<]*)</" + name + ">");
    }

    private static String version(String pom, String artifact) {
        return only(pom, "<artifactId>" + artifact + "</artifactId>\\s*<version>([^<]*)</version>");
    }

    private static String only(String pom, String pattern) {
        List<String> found = Pattern.compile(pattern)
                .matcher(pom)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(found).as(pattern).hasSize(1);
        return found.getFirst();
    }

    /** Installs a release into an empty repository, and has Maven build and test all three against it: minutes, and a network. */
    @Test
    @Tag("long")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void allAreBuiltAndTestedAgainstARelease() throws Exception {
        Path output = folder.resolve("output.txt");
        Process build = new ProcessBuilder(
                        PROJECTS.resolve("build").toString(),
                        folder.resolve("repository").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int code = build.waitFor();
        String told = Files.readString(output);
        assertThat(code).as(told).isZero();
        for (String project : List.of("plain", "spring", "kotlin")) {
            assertThat(told).contains("build: " + project + " is built and tested");
        }
        requireWholeRelease(folder.resolve("repository/io/ketju"));
    }

    /** Of everything in the BOM a POM and a jar; where there is code, its sources and Javadoc; and no own jar is large. */
    private static void requireWholeRelease(Path repository) throws IOException {
        List<String> artifacts = Pattern.compile("<artifactId>(ketju[\\w-]*)</artifactId><version>")
                .matcher(Files.readString(Path.of("..", "bom", "pom.xml")))
                .results()
                .map(artifact -> artifact.group(1))
                .toList();
        assertThat(artifacts).hasSizeGreaterThan(14);
        String version = version(Files.readString(Path.of("..", "pom.xml")), "ketju-parent");
        for (String artifact : artifacts) {
            Path files = repository.resolve(artifact).resolve(version);
            String name = artifact + "-" + version;
            assertThat(files.resolve(name + ".pom")).isNotEmptyFile();
            assertThat(files.resolve(name + ".jar")).isNotEmptyFile();
            if (!artifact.equals("ketju-datasets") && !artifact.equals("ketju")) { // they have none
                assertThat(files.resolve(name + "-sources.jar")).isNotEmptyFile();
                assertThat(files.resolve(name + "-javadoc.jar")).isNotEmptyFile();
            }
            if (!artifact.equals("ketju-datasets")) {
                assertThat(Files.size(files.resolve(name + ".jar"))).as(name).isLessThan(5_000_000);
            }
        }
    }

    private static void compile(Path source, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter told = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(told, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(told.toString()).isTrue();
        }
    }
}
