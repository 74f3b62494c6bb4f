package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ketju}: where it finds what it needs, and how it was called. */
class LauncherScriptTest {
    /** {@code ä}, as a shell writes it whatever its locale. */
    private static final String UMLAUT = "$(printf '\\303\\244')";

    @TempDir
    private Path folder;

    @Test
    void aHomeIsNotNeeded() {
        ProcessBuilder builder =
                new ProcessBuilder(Launcher.repository().resolve("ketju").toString(), "--java-home");
        builder.environment().remove("HOME");
        builder.environment().remove("JAVA25_HOME"); // so that all places are searched
        builder.environment().remove("JAVA_HOME");
        try (ChildProcess script = ChildProcess.start("ketju --java-home", builder)) {
            int code = script.awaitExit();
            if (code == 0) {
                assertThat(script.err()).as("%s", script).isEmpty();
            } else {
                // This JVM may run from a place where nobody looks; then the script says so, and nothing else.
                assertThat(script.err())
                        .as("%s", script)
                        .hasSize(1)
                        .first()
                        .asString()
                        .contains("JDK 25 is needed");
            }
        }
    }

    /** A file in place of the folder keeps even root from building there. */
    @Test
    void anUnbuiltCheckoutThatCannotBeWrittenIsOneLine() throws IOException {
        Files.copy(Launcher.repository().resolve("ketju"), folder.resolve("ketju"));
        Files.createFile(folder.resolve("pom.xml"));
        Files.createFile(folder.resolve("deploy"));
        ProcessBuilder builder = new ProcessBuilder(folder.resolve("ketju").toString(), "version");
        builder.environment().put("JAVA25_HOME", System.getProperty("java.home"));
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createFile(
                bin.resolve("mvn"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        builder.environment().merge("PATH", bin.toString(), (path, more) -> more + ":" + path);
        try (ChildProcess script = ChildProcess.start("ketju version", builder)) {
            assertThat(script.awaitExit()).as("%s", script).isEqualTo(2);
            assertThat(script.out()).isEmpty();
            assertThat(script.err()).as("%s", script).hasSize(1);
            assertThat(script.err().getFirst())
                    .startsWith("ketju: Ketju has to be built, found no permission to write in "
                            + folder.toAbsolutePath().resolve("deploy/target"));
        }
    }

    /** As a shell would find it: by its name on the PATH, by a path with a blank, by another name, given to bash. */
    @Test
    void suggestedCommandsBeginAsThisOneDid() throws IOException {
        Launcher launcher = Launcher.laidOutIn(Files.createDirectory(folder.resolve("my ketju")));
        Path other = Files.createDirectory(folder.resolve("other"));
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("kj"), folder.resolve("my ketju/ketju"));
        assertThat(suggestion(launcher, other, "'../my ketju/ketju' plann"))
                .endsWith("; see '../my ketju/ketju' --help");
        assertThat(suggestion(launcher, other, "PATH=" + bin + ":$PATH; kj plann"))
                .endsWith("; see kj --help");
        assertThat(suggestion(launcher, other, bin + "/kj plann")).endsWith("; see " + bin + "/kj --help");
        assertThat(suggestion(launcher, other, "cd '../my ketju'; bash ketju plann"))
                .endsWith("; see ./ketju --help");
    }

    @Test
    void aPathBeyondAsciiWorksInALocaleThatHasOnlyAscii() {
        Launcher launcher = Launcher.laidOutIn(folder).with("LC_ALL", "C");
        String script = "u=" + UMLAUT + "; mkdir k$u; ./ketju train --model 'mlp(64, 10)' --data digits --stages 1"
                + " --epochs 1 --run-dir k$u/run && ls k$u/run/model.safetensors";
        try (ChildProcess train = launcher.start(folder, List.of(), List.of("bash", "-c", script))) {
            assertThat(train.awaitExit()).as("%s", train).isZero();
            assertThat(train.err()).as("%s", train).isEmpty();
        }
    }

    /** In a distribution the script is in bin, its jars in lib, and Java in runtime, unless somebody names another. */
    @Test
    void aDistributionMayHaveARuntimeOfItsOwn() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("ketju 1/bin"));
        Path home = folder.toRealPath().resolve("ketju 1");
        Path script = Files.copy(Launcher.repository().resolve("ketju"), bin.resolve("ketju"));
        Files.createFile(Files.createDirectory(home.resolve("lib")).resolve("ketju-deploy-1.jar"));
        Path java = Path.of(System.getProperty("java.home"));
        Files.createSymbolicLink(home.resolve("runtime"), java);
        assertThat(javaHome(script, Optional.empty()))
                .isEqualTo(home.resolve("runtime").toString());
        assertThat(javaHome(script, Optional.of(java))).isEqualTo(java.toString());
    }

    private static String javaHome(Path script, Optional<Path> named) {
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "--java-home");
        builder.environment().remove("JAVA25_HOME");
        named.ifPresent(java -> builder.environment().put("JAVA25_HOME", java.toString()));
        try (ChildProcess asked = ChildProcess.start("ketju --java-home", builder)) {
            return asked.requireSuccess().out().getFirst();
        }
    }

    @Test
    void aHeapThatIsTooSmallIsOneLineAndExitCodeThree() {
        try (ChildProcess train =
                Launcher.laidOutIn(folder).ketju(List.of("-Xmx12m"), "train", "--no-save", "--epochs", "1")) {
            assertThat(train.awaitExit()).as("%s", train).isEqualTo(3);
            assertThat(train.err()).as("%s", train).hasSize(1);
            assertThat(train.err().getFirst()).contains("java.lang.OutOfMemoryError: Java heap space");
        }
    }

    /** What a mistyped command says on standard error. */
    private static String suggestion(Launcher launcher, Path folder, String command) {
        try (ChildProcess script = launcher.start(folder, List.of(), List.of("bash", "-c", command))) {
            assertThat(script.awaitExit()).as("%s", script).isEqualTo(2);
            assertThat(script.err()).as("%s", script).hasSize(1);
            return script.err().getFirst();
        }
    }
}
