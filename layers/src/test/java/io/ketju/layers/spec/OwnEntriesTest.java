package io.ketju.layers.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

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
    void aNameThatIsTakenIsRefused() {
        assertThatThrownBy(() -> new Registry<>("colour", List.of(entry("Purple")), OwnEntries.found(OwnColours.class)))
                .hasMessage("colour Purple is registered twice");
    }
}
