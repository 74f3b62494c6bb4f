package io.ketju.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is public in sources, and what is said of it. */
class ApiSourcesTest {
    @TempDir
    Path root;

    @BeforeEach
    void write() throws IOException {
        Path room = Files.createDirectories(root.resolve("module/src/app"));
        Files.writeString(room.resolve("package-info.java"), "/** A room. It is small. */\npackage app;\n");
        Files.writeString(room.resolve("Open.java"), """
                package app;

                import nowhere.Missing;

                /** Opens a {@link java.util.List} of {@code <T>}, *not* {@link #close closed}. More. */
                public interface Open extends Missing {
                    /** Public without saying so. */
                    record Door(int width) {
                        /** A handle &amp; its lock. */
                        public enum Handle { LEFT }
                        static final class Hinge {}
                    }
                }

                class Hidden {
                    public static class Inside {}
                }
                """);
        Files.writeString(
                room.resolve("Shut.java"),
                "package app;\n\n/** Shut. */\npublic abstract sealed class Shut permits Last {}\n");
    }

    @Test
    void publicTypesAreThoseThatOtherPackagesSee() throws IOException {
        ApiSources sources = ApiSources.read(root, Path.of("module"));
        Path open = Path.of("module/src/app/Open.java");
        assertThat(sources.types())
                .containsExactly(
                        new PublicType("app", "Open", "interface", "Opens a `List` of `<T>`, \\*not\\* closed.", open),
                        new PublicType("app", "Open.Door", "record", "Public without saying so.", open),
                        new PublicType("app", "Open.Door.Handle", "enum", "A handle &amp; its lock.", open),
                        new PublicType("app", "Shut", "class", "Shut.", Path.of("module/src/app/Shut.java")));
    }

    @Test
    void packagesSayWhatIsInThem() throws IOException {
        assertThat(ApiSources.read(root, Path.of("module")).rooms()).containsOnly(Map.entry("app", "A room."));
    }
}
