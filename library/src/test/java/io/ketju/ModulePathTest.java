package io.ketju;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that is a module finds those that it requires, and learns the bits that it learns on the class path. */
class ModulePathTest {
    /** The modules that are no automatic ones, in the order of their arrows, by their folders. */
    private static final Map<String, String> REAL = new LinkedHashMap<>();

    static {
        REAL.put("tensor-core", "io.ketju.tensor");
        REAL.put("layers", "io.ketju.layers");
        REAL.put("pipeline", "io.ketju.pipeline");
    }

    /** Those that are, and what else a program needs that trains by actors on embedded data. */
    private static final List<String> AUTOMATIC = List.of("data", "datasets", "actors");

    private static final Pattern LIBRARY = Pattern.compile(".*/(slf4j-api|jspecify)-[0-9.]+\\.jar");

    private static final Pattern LIBRARY_OF_ACTORS = Pattern.compile(
            ".*/(jackson-core|config|fastcsv|commons-(?:compress|io|lang3)|pekko-(?:actor|actor-typed|slf4j)_2\\.13"
                    + "|scala-library)-[0-9.]+\\.jar");

    /** As docs/embedding.md has programs started that are modules. */
    private static final Pattern ADDED =
            Pattern.compile("--module-path \\S+ --add-modules=(?<modules>\\S+) .*--module app/");

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PROGRAM = Path.of("src/test/resources/modular");
    private static final Path ACTORS_PROGRAM = Path.of("src/test/resources/modular-actors");

    @TempDir
    private Path folder;

    /** What the program needs beside Ketju, as jars; and all of it as they are on the class path. */
    private final List<String> libraries = new ArrayList<>();

    private final List<String> modules = new ArrayList<>();
    private final List<String> classes = new ArrayList<>();

    @BeforeEach
    void find() throws IOException {
        libraries.addAll(jars(LIBRARY));
        for (Map.Entry<String, String> real : REAL.entrySet()) {
            classes.add(place(real.getKey()));
            modules.add(modular(real.getKey(), real.getValue(), classes.getLast()));
        }
        assertThat(libraries).hasSize(2);
    }

    /** One of each name on the class path. */
    private static Collection<String> jars(Pattern library) {
        Map<String, String> jars = new LinkedHashMap<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Matcher jar = library.matcher(entry);
            if (jar.matches()) {
                jars.putIfAbsent(jar.group(1), entry);
            }
        }
        return jars.values();
    }

    /** A jar or, before anything is packed, a folder of classes. */
    private static String place(String module) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.matches(".*/" + module + "/target/classes|.*/ketju-" + module + "-[^/]*\\.jar"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(module + " is not on the class path"));
    }

    /** As a module: the jar as it is; a folder with what a jar gets when it is packed. */
    private String modular(String module, String name, String place) throws IOException {
        if (place.endsWith(".jar")) {
            return place;
        }
        Path out = Files.createDirectories(folder.resolve("modules").resolve(name));
        copy(Path.of(place), out);
        tool(
                "javac",
                "-Xlint:-incubating",
                "-d",
                out.toString(),
                "--patch-module",
                name + "=" + out,
                "--module-path",
                path(List.of(modules, libraries)),
                ROOT.resolve(module).resolve("src/main/module/module-info.java").toString());
        return out.toString();
    }

    @Test
    void aModularProgramLearnsTheSameBits() throws Exception {
        Path app = folder.resolve("app");
        tool(
                "javac",
                "-Xlint:all,-incubating,-path",
                "-Werror",
                "-d",
                app.toString(),
                "--module-path",
                path(List.of(modules, libraries)),
                PROGRAM.resolve("module-info.java").toString(),
                PROGRAM.resolve("app/Program.java").toString());
        List<String> modular = run(
                "--enable-native-access=io.ketju.tensor",
                "--module-path",
                path(List.of(List.of(app.toString()), modules, libraries)),
                "--module",
                "app/app.Program");
        List<String> plain = run(
                "--add-modules=jdk.incubator.vector",
                "-classpath",
                path(List.of(List.of(app.toString()), classes, libraries)),
                "app.Program");
        assertThat(modular).hasSize(4);
        assertThat(modular.getFirst()).isEqualTo("modules " + String.join(" ", REAL.values()));
        assertThat(plain.getFirst()).isEqualTo("modules null null null");
        assertThat(modular.subList(1, 4)).isEqualTo(plain.subList(1, 4));
    }

    /** The program of docs/embedding.md, by the descriptor and the flags of that page. */
    @Test
    void aModularProgramTrainsByActorsAsThePageSays() throws Exception {
        Matcher added = ADDED.matcher(Files.readString(ROOT.resolve("docs/embedding.md")));
        assertThat(added.find()).as("a command of the page: " + ADDED).isTrue();
        libraries.addAll(jars(LIBRARY_OF_ACTORS));
        assertThat(libraries).hasSize(12);
        for (String module : AUTOMATIC) {
            classes.add(place(module));
            modules.add(automatic(module, classes.getLast()));
        }
        Path app = folder.resolve("app");
        tool(
                "javac",
                "-Xlint:all,-incubating,-path,-requires-automatic",
                "-Werror",
                "-d",
                app.toString(),
                "--module-path",
                path(List.of(modules, libraries)),
                ACTORS_PROGRAM.resolve("module-info.java").toString(),
                ROOT.resolve("actors/src/test/java/io/ketju/actors/examples/FirstProgram.java")
                        .toString());
        List<String> modular = run(
                "--add-modules=" + added.group("modules"),
                "--enable-native-access=io.ketju.tensor",
                "--sun-misc-unsafe-memory-access=allow",
                "--module-path",
                path(List.of(List.of(app.toString()), modules, libraries)),
                "--module",
                "app/io.ketju.actors.examples.FirstProgram");
        List<String> plain = run(
                "--add-modules=jdk.incubator.vector",
                "-classpath",
                path(List.of(List.of(app.toString()), classes, libraries)),
                "io.ketju.actors.examples.FirstProgram");
        assertThat(modular).hasSize(5).isEqualTo(plain);
        assertThat(modular.get(3)).matches("state [0-9a-f]{64}");
    }

    /** As an automatic module: the jar as it is; a folder packed, as only jars are, with the name of its POM. */
    private String automatic(String module, String place) throws IOException {
        if (place.endsWith(".jar")) {
            return place;
        }
        Matcher name = Pattern.compile("<ketju.module>(.*)</ketju.module>")
                .matcher(Files.readString(ROOT.resolve(module).resolve("pom.xml")));
        assertThat(name.find()).as(module).isTrue();
        Path manifest = folder.resolve(module + ".txt");
        Files.writeString(manifest, "Automatic-Module-Name: " + name.group(1) + "\n");
        String jar = folder.resolve(module + ".jar").toString();
        tool("jar", "--create", "--file", jar, "--manifest", manifest.toString(), "-C", place, ".");
        return jar;
    }

    /** All that a module uses is required by its descriptor, and nothing else. */
    @Test
    void descriptorsRequireWhatIsUsed() {
        for (String name : REAL.values()) {
            String told = tool(
                    "jdeps",
                    "--multi-release",
                    "25",
                    "--module-path",
                    path(List.of(modules, libraries)),
                    "--add-modules",
                    "jdk.incubator.vector",
                    "--check",
                    name);
            String[] parts = told.split("\\[[A-Z][^]]*]", -1);
            assertThat(parts).as(told).hasSize(4);
            assertThat(required(parts[1]))
                    .as(told)
                    .isEqualTo(required(parts[2]))
                    .isNotEmpty();
        }
    }

    /** Whatever is public is to be had on the module path too; the Vector API's own room is no program's business. */
    @Test
    void descriptorsExportEveryRoom() throws IOException {
        for (Map.Entry<String, String> real : REAL.entrySet()) {
            Path main = ROOT.resolve(real.getKey()).resolve("src/main");
            List<String> exported = Pattern.compile("exports (\\S+);")
                    .matcher(Files.readString(main.resolve("module/module-info.java")))
                    .results()
                    .map(line -> line.group(1))
                    .toList();
            try (Stream<Path> files = Files.walk(main.resolve("java"))) {
                assertThat(files.filter(file -> file.toString().endsWith(".java"))
                                .map(file -> main.resolve("java").relativize(file.getParent()))
                                .map(room -> room.toString().replace(File.separatorChar, '.'))
                                .distinct()
                                .filter(room -> !room.equals("io.ketju.tensor.simd")))
                        .as(real.getValue())
                        .containsExactlyInAnyOrderElementsOf(exported);
            }
        }
    }

    /** Names of modules, whatever else is said of them. */
    private static SortedSet<String> required(String descriptor) {
        return Pattern.compile("requires (?:\\w+ )*([\\w.]+)(?: \\(@.*\\))?;")
                .matcher(descriptor)
                .results()
                .map(line -> line.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String path(List<List<String>> parts) {
        return parts.stream().flatMap(List::stream).collect(Collectors.joining(File.pathSeparator));
    }

    private static String tool(String name, String... arguments) {
        StringWriter told = new StringWriter();
        PrintWriter out = new PrintWriter(told);
        int code = ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments);
        assertThat(code).as(told.toString()).isZero();
        return told.toString();
    }

    private List<String> run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        int code = process.waitFor();
        assertThat(code).as(Files.readString(err)).isZero();
        return Files.readAllLines(out);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
