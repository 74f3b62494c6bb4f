package io.ketju.layers.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.spec.Arguments.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static Arguments read(String text) {
        return Arguments.of(Spec.parse(text), List.of("size", "rate"), "flag", "pair", "betas");
    }

    @Test
    void readsByPositionAndByName() {
        Arguments arguments = read("X(3, rate=1e-3, flag=True, pair=(1, 2), betas=(0.5, .25))");
        assertThat(arguments.integer("size")).isEqualTo(3);
        assertThat(arguments.number("rate")).isEqualTo(1e-3);
        assertThat(arguments.flag("flag", false)).isTrue();
        assertThat(arguments.pair("pair")).isEqualTo(new Pair(1, 2));
        assertThat(arguments.numbers("betas", List.of(0.0, 0.0))).containsExactly(0.5, 0.25);
    }

    @Test
    void readsWordsInQuotesAsPythonWritesThem() {
        Arguments arguments = read("X(pair='zeros', flag=\"None\", betas=\"a b\")");
        assertThat(arguments.word("pair", "zeros", "ones")).isEqualTo("zeros");
        assertThat(arguments.word("flag")).isEqualTo("None");
        assertThat(arguments.word("betas")).isEqualTo("\"a b\"");
    }

    @Test
    void noneIsTheDefaultWhereThatIsWhatPyTorchWrites() {
        Description description = Description.of("X", "")
                .optional("p", 0.5, "")
                .optionalOrNone("eps", 1e-5, "")
                .derived("stride", "p", "");
        Arguments arguments = Arguments.of(Spec.parse("X(0.1, None, None)"), description);
        assertThat(arguments.number("eps")).isEqualTo(1e-5);
        assertThat(arguments.text("stride")).isEmpty();
        assertThatThrownBy(
                        () -> Arguments.of(Spec.parse("X(None)"), description).number("p"))
                .hasMessage("X(None): argument 'p': expected a number, found 'None'");
    }

    @Test
    void namesTheFirstArgumentThatIsMissing() {
        Description description = Description.of("X", "").required("a", "").required("b", "");
        assertThatThrownBy(() -> Arguments.of(Spec.parse("X()"), description))
                .hasMessage("X(): missing argument 'a'; it takes a, b");
    }

    @Test
    void hasDefaults() {
        Arguments arguments = read("X()");
        assertThat(arguments.integer("size", 7)).isEqualTo(7);
        assertThat(arguments.number("rate", 0.5)).isEqualTo(0.5);
        assertThat(arguments.flag("flag", true)).isTrue();
        assertThat(arguments.pair("pair", Pair.of(4))).isEqualTo(new Pair(4, 4));
    }

    @Test
    void refusesWithWhatIsKnown() {
        refused(
                "X(1, 2, 3)",
                "X(1, 2, 3): expected at most 2 arguments without names, found 3; it takes size, rate, flag, pair, betas");
        refused(
                "X(sise=1)",
                "X(sise=1): unknown argument 'sise'; did you mean 'size'? it takes size, rate, flag, pair, betas");
        refused(
                "X(optimizer, 3)",
                "X(optimizer, 3): expected no 'optimizer'; leave it out: a schedule has the job's optimizer, and a job its"
                        + " steps");
        refused(
                "X(1, device=cuda)",
                "X(1, device=cuda): unknown argument 'device'; leave it out: everything runs on the processor");
        refused("X(1, size=2)", "X(1, size=2): argument 'size' is given twice, by position and by name");
        refused("X()", "X(): missing argument 'size'; it takes size, rate, flag, pair, betas");
        refused("X(1.5)", "X(1.5): argument 'size': expected an integer, found '1.5'");
        refused("X(3000000000)", "X(3000000000): argument 'size': expected an integer, found '3000000000'");
        refused("X(1, fast)", "X(1, fast): argument 'rate': expected a number, found 'fast'");
        refused("X(1, 1f)", "X(1, 1f): argument 'rate': expected a finite number, found '1f'");
        refused("X(1, NaN)", "X(1, NaN): argument 'rate': expected a finite number, found 'NaN'");
        refused("X(1, 1e999)", "X(1, 1e999): argument 'rate': expected a finite number, found '1e999'");
        refused("X(1, flag=yes)", "X(1, flag=yes): argument 'flag': expected true or false, found 'yes'");
        refused(
                "X(1, pair=(1, 2, 3))",
                "X(1, pair=(1, 2, 3)): argument 'pair': expected an integer or a pair of integers, found '(1, 2, 3)'");
        refused("X(1, pair=(1, x))", "X(1, pair=(1, x)): argument 'pair': expected an integer, found 'x'");
        refused("X(1, betas=0.9)", "X(1, betas=0.9): argument 'betas': expected 2 numbers in parentheses, found '0.9'");
    }

    private static void refused(String text, String message) {
        assertThatThrownBy(() -> {
                    Arguments arguments = read(text);
                    arguments.integer("size");
                    arguments.number("rate", 0);
                    arguments.flag("flag", false);
                    arguments.pair("pair", Pair.of(1));
                    arguments.numbers("betas", List.of(0.0, 0.0));
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
