package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterGroupTest {
    private static final List<String> NAMES =
            List.of("features.0.weight", "features.0.bias", "head.weight", "head.bias");

    @ParameterizedTest
    @CsvSource({
        "head.weight, head.weight, true",
        "head.weight, head.weights, false",
        "*, head.weight, true",
        "*.bias, features.0.bias, true",
        "*.bias, features.0.biases, false",
        "features.*, features.0.weight, true",
        "features.*, feature.0.weight, false",
        "f*s.?.w*t, features.0.weight, true",
        "f*s.?.w*t, features.10.weight, false",
        "a*b*a, abba, true",
        "a*b*ab, abba, false",
        "head?weight, head.weight, true",
        "head.weight**, head.weight, true"
    })
    void starsStandForAnyLetters(String pattern, String name, boolean matches) {
        assertThat(ParameterGroup.frozen(pattern).matches(name)).isEqualTo(matches);
    }

    @Test
    void textReadsBack() {
        for (String text :
                List.of("features.*: frozen", "*.bias: SGD(lr=0.1, momentum=0.9)", "head.?eight: Adam(lr=0.01)")) {
            assertThat(ParameterGroup.parse(text)).hasToString(text);
            assertThat(ParameterGroup.parse(text)).isEqualTo(ParameterGroup.parse(text));
        }
        assertThat(ParameterGroup.parse(" head.* :frozen ")).isEqualTo(ParameterGroup.frozen("head.*"));
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        assertThatThrownBy(() -> ParameterGroup.parse("features.*"))
                .hasMessage("expected names and what becomes of them, such as \"features.*: frozen\" or"
                        + " \"*.bias: SGD(lr=0.1)\", found \"features.*\"");
        assertThatThrownBy(() -> ParameterGroup.parse("a b: frozen"))
                .hasMessage("expected the names of parameters, with * and ? in place of letters, found 'a b'");
        assertThatThrownBy(() -> ParameterGroup.parse("*: Adem(lr=1)"))
                .hasMessageContaining("unknown optimizer 'Adem'");
    }

    @Test
    void theFirstGroupThatMatchesDecides() {
        SGD slow = new SGD(0.01);
        SGD otherwise = new SGD(0.1);
        ParameterGroups groups = new ParameterGroups(
                List.of(new ParameterGroup("head.weight", slow), ParameterGroup.frozen("head.*")), otherwise);
        assertThat(groups.of("head.weight")).contains(slow);
        assertThat(groups.of("head.bias")).isEmpty();
        assertThat(groups.of("features.0.bias")).contains(otherwise);
        groups.requireFit(NAMES);
    }

    @Test
    void aGroupOfNothingIsRefusedWithNamesThatAreNear() {
        ParameterGroups misspelt = new ParameterGroups(List.of(ParameterGroup.frozen("feature.*.weight")), new SGD(1));
        assertThatThrownBy(() -> misspelt.requireFit(NAMES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'feature.*.weight' matches none of the 4 parameters; near are features.0.weight,"
                        + " features.0.bias, head.weight");
        ParameterGroups all = new ParameterGroups(List.of(ParameterGroup.frozen("*")), new SGD(1));
        assertThatThrownBy(() -> all.requireFit(NAMES)).hasMessage("all 4 parameters are frozen: nothing would learn");
        ParameterGroups.all(new SGD(1)).requireFit(List.of());
    }
}
