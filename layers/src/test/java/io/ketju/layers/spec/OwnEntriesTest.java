package io.ketju.layers.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnEntriesTest {
    /** Something that can be written. */
    public record Colour(String name) {}

    /** What a program adds to them. */
    public interface OwnColours extends OwnEntries<Colour> {}

    /** Named in {@code META-INF/services} of these tests. */
    public static final class Purple implements OwnColours {
        @Override
        public List<Entry<Colour>> entries() {
            return List.of(entry("Purple"));
        }
    }

    private static Entry<Colour> entry(String name) {
        return Description.of(name, "a colour").always(new Colour(name));
    }

    @Test
    void ownThingsAreReadLikeTheOthersAndStandOnNoPage() {
        Registry<Colour> colours = new Registry<>("colour", List.of(entry("Red")), OwnEntries.found(OwnColours.class));

        assertThat(colours.parse("Purple()")).isEqualTo(new Colour("Purple"));
        assertThat(colours.parse("Red()")).isEqualTo(new Colour("Red"));
        assertThat(colours.names()).containsExactly("Purple", "Red");
        assertThat(colours.descriptions()).extracting(Description::name).containsExactly("Red");
    }

    @Test
    void aNameThatIsTakenIsToldOfWithTheJarWhenSomethingIsRead() {
        Registry<Colour> colours =
                new Registry<>("colour", List.of(entry("Purple"), entry("Red")), OwnEntries.found(OwnColours.class));

        assertThatThrownBy(() -> colours.parse("Red()"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "colour Purple is registered twice: by Ketju and by /.*test-classes/; choose another name");
    }

    @Test
    void twoJarsWithOneNameAreBothNamed() {
        AddedEntries<Colour> added = new AddedEntries<>(
                List.of(
                        new AddedEntries.Added<>(entry("Pink"), "/a.jar"),
                        new AddedEntries.Added<>(entry("Pink"), "/b.jar")),
                Optional.empty());

        assertThatThrownBy(() -> new Registry<>("colour", List.of(entry("Red")), added).parse("Red()"))
                .hasMessage("colour Pink is registered twice: by /a.jar and by /b.jar; choose another name");
    }

    @Test
    void aJarThatNamesAClassThatItDoesNotHaveIsToldOfWhenSomethingIsRead(@TempDir Path folder) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(OwnColours.class.getName()), "org.example.Missing\n");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader withJar =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(withJar);
            Registry<Colour> colours =
                    new Registry<>("colour", List.of(entry("Red")), OwnEntries.found(OwnColours.class));

            assertThatThrownBy(() -> colours.parse("Red()"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a jar on the class path cannot be read")
                    .hasMessageContaining("org.example.Missing");
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
