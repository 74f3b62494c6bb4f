package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The script {@code ketju} before any JVM is started. */
class LauncherScriptTest {
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
}
