package io.ketju.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ketju.actors.Ketju;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The archives, unpacked in a folder with a blank: they start and train on a machine without Maven, one of them without Java. */
class ArchiveTest {
    private static final String PLAIN = "ketju.packed.archive";
    private static final String WITH_RUNTIME = "ketju.packed.runtime";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, WITH_RUNTIME})
    void itTrainsFromAnyFolder(String archive) throws IOException {
        Path unpacked = unpack(archive);
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        SmallJob.write(elsewhere.resolve("small.conf"));
        Command version = ketju(unpacked, elsewhere, "version").requireSuccess();
        assertThat(version.out().getFirst()).isEqualTo("ketju " + version(unpacked));
        Command train = ketju(unpacked, elsewhere, "train", "small.conf", "--run-dir", "run")
                .requireSuccess();
        assertThat(train.err()).as("%s", train).isEmpty();
        assertThat(elsewhere.resolve("run/report.html")).isNotEmptyFile(); // of an optional module, with pictures
        assertThat(Ketju.state(elsewhere.resolve("run")).sha256()).isEqualTo(SmallJob.stateSha256());
        Command examples = ketju(unpacked, elsewhere, "example").requireSuccess();
        assertThat(examples.out()).anyMatch(line -> line.contains("xor"));
        assertThat(unpacked.resolve("jobs/mnist.conf")).exists();
        Command doctor = ketju(unpacked, elsewhere, "doctor");
        String java = doctor.out().stream()
                .filter(line -> line.contains("Java "))
                .findFirst()
                .orElseThrow();
        assertThat(java.contains(unpacked.resolve("runtime").toString())).isEqualTo(archive.equals(WITH_RUNTIME));
    }

    /** Flags of the JVM stand in the launcher alone. */
    @Test
    void itsLauncherIsThatOfACheckoutAndFoundByALink() throws IOException {
        Path unpacked = unpack(PLAIN);
        assertThat(unpacked.resolve("bin/ketju")).hasSameBinaryContentAs(Path.of("..", "ketju"));
        Path link = Files.createSymbolicLink(folder.resolve("kj"), unpacked.resolve("bin/ketju"));
        Command version = Command.run(folder, environment(unpacked), List.of(link.toString(), "version"));
        assertThat(version.requireSuccess().out().getFirst()).startsWith("ketju ");
    }

    /** By the digests of the files: it lists all jars and nothing else. */
    @Test
    void theBillOfMaterialsIsOfItsJars() throws IOException, GeneralSecurityException {
        Path unpacked = unpack(PLAIN);
        Map<?, ?> bill = new Yaml().load(Files.readString(unpacked.resolve("sbom.json"))); // JSON is YAML
        assertThat(bill.get("bomFormat")).isEqualTo("CycloneDX");
        List<String> unlicensed = new ArrayList<>();
        Set<String> listed = new TreeSet<>();
        for (Object entry : (List<?>) Objects.requireNonNull(bill.get("components"))) {
            Map<?, ?> component = (Map<?, ?>) entry;
            for (Object hash : (List<?>) Objects.requireNonNull(component.get("hashes"), component::toString)) {
                if ("SHA-256".equals(((Map<?, ?>) hash).get("alg"))) {
                    listed.add(String.valueOf(((Map<?, ?>) hash).get("content")));
                }
            }
            if (!component.containsKey("licenses")) {
                unlicensed.add(String.valueOf(component.get("purl")));
            }
        }
        Set<String> jars = new TreeSet<>();
        try (Stream<Path> files = Files.list(unpacked.resolve("lib"))) {
            for (Path jar : files.toList()) {
                jars.add(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar))));
            }
        }
        assertThat(jars).hasSizeGreaterThan(40);
        assertThat(listed).isEqualTo(jars);
        assertThat(unlicensed).isEmpty();
        assertThat(unpacked.resolve("LICENSE")).exists();
        try (Stream<Path> licences = Files.list(unpacked.resolve("licences"))) {
            assertThat(licences).hasSizeGreaterThan(20);
        }
    }

    /** What jdeps finds that classes need of the JDK is there. Whole jars it would refuse: some are modules that may use others. */
    @Test
    void theRuntimeHasTheModulesThatTheJarsNeed() throws IOException {
        Path unpacked = unpack(WITH_RUNTIME);
        Path classes = Files.createDirectory(folder.resolve("classes"));
        try (Stream<Path> jars = Files.list(unpacked.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                copyClasses(jar, classes);
            }
        }
        List<String> jdeps = List.of(
                Path.of(System.getProperty("java.home"), "bin", "jdeps").toString(),
                "--ignore-missing-deps",
                "--list-deps",
                classes.toString());
        Set<String> needed = Command.run(folder, Map.of(), jdeps).requireSuccess().out().stream()
                .map(String::strip)
                .filter(line -> line.matches("(java|jdk)\\.[a-z.]+(/.*)?"))
                .map(line -> line.replaceAll("/.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Command modules = Command.run(
                folder, Map.of(), List.of(unpacked.resolve("runtime/bin/java").toString(), "--list-modules"));
        Set<String> linked = modules.requireSuccess().out().stream()
                .map(line -> line.replaceAll("@.*", ""))
                .collect(Collectors.toSet());
        assertThat(needed).contains("jdk.incubator.vector");
        assertThat(linked).containsAll(needed);
    }

    private static void copyClasses(Path jar, Path target) throws IOException {
        try (FileSystem inside = FileSystems.newFileSystem(jar);
                Stream<Path> files = Files.walk(inside.getPath("/"))) {
            for (Path file : files.toList()) {
                String name = file.toString().substring(1);
                if (name.endsWith(".class") && !name.endsWith("module-info.class") && !name.startsWith("META-INF")) {
                    Path copy = target.resolve(name);
                    Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private Path unpack(String property) throws IOException {
        Path archive = Path.of(System.getProperty(property, "absent"));
        assumeThat(archive)
                .as("it has been packed: -Dketju.runtime=true packs the one with a runtime")
                .exists();
        Path place = Files.createDirectories(folder.resolve("a place"));
        Command.run(place, Map.of("PATH", "/usr/bin:/bin"), List.of("tar", "-xzf", archive.toString()))
                .requireSuccess();
        try (Stream<Path> inside = Files.list(place)) {
            return inside.findFirst().orElseThrow();
        }
    }

    private static String version(Path unpacked) {
        return String.valueOf(unpacked.getFileName()).replace("ketju-", "");
    }

    private Command ketju(Path unpacked, Path where, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(unpacked.resolve("bin/ketju").toString()));
        command.addAll(List.of(arguments));
        return Command.run(where, environment(unpacked), command);
    }

    /** Whoever calls Maven learns of it; Java is told of only where the archive has none. */
    private Map<String, String> environment(Path unpacked) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path maven = bin.resolve("mvn");
        if (Files.notExists(maven)) {
            Files.writeString(maven, "#!/bin/sh\necho Maven was called >&2\nexit 99\n");
            Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
        }
        String path = bin + ":/usr/bin:/bin";
        String state = folder.resolve("state").toString();
        return Files.exists(unpacked.resolve("runtime"))
                ? Map.of("PATH", path, "XDG_STATE_HOME", state)
                : Map.of("PATH", path, "XDG_STATE_HOME", state, "JAVA25_HOME", System.getProperty("java.home"));
    }
}
