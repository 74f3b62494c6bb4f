package io.ketju.layers.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ReLU()",
                "Linear(784, 512)",
                "Conv2d(1, 6, kernel_size=5, padding=2)",
                "MaxPool2d(kernel_size=(2, 1), stride=(2, 1))",
                "Adam(betas=(0.9, 0.999), eps=1e-8, lr=0.001)",
                "SGD(lr=0.1, momentum=0.9, nesterov=true)",
                "Linear(3, 4, init=constant(0.5))",
                "X(-1, +2, 1.5E+3, .5)",
                "1F1B()",
                "file(\"a (copy), of=x.txt\", in_flight=3)",
                "file('a \"b\".txt')"
            })
    void printsWhatItParses(String text) {
        assertThat(Spec.parse(text)).hasToString(text);
    }

    @Test
    void readsNamePositionalAndNamedArguments() {
        Spec spec = Spec.parse("  Conv2d ( 1,6 ,\tkernel_size = ( 5 , 3 ) ,bias=False )  ");
        assertThat(spec)
                .isEqualTo(new Spec("Conv2d", List.of("1", "6"), Map.of("kernel_size", "(5, 3)", "bias", "False")));
    }

    @Test
    void takesABareName() {
        assertThat(Spec.parse(" ReLU ")).isEqualTo(Spec.of("ReLU"));
    }

    /** What is copied from Python: modules, lists, commas at the end. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "torch.nn.Conv2d(1, 6, 5)|Conv2d(1, 6, 5)",
                "nn.ReLU|ReLU()",
                "lr_scheduler.MultiStepLR(milestones=[30, 80], gamma=0.1)|MultiStepLR(gamma=0.1, milestones=(30, 80))",
                "Linear(3, 4, init=nn.init.zeros_)|Linear(3, 4, init=zeros_)",
                "LayerNorm((10,))|LayerNorm((10))",
                "LayerNorm([10, 4,])|LayerNorm((10, 4))",
                "augment(fashion-mnist-5k, mode=nearest-exact)|augment(fashion-mnist-5k, mode=nearest-exact)",
            })
    void readsWhatIsCopiedFromPython(String text, String printed) {
        assertThat(Spec.parse(text)).hasToString(printed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keras.Dense(3)|'keras.Dense(3)', position 1: expected a name, such as Linear or nn.Linear, or text in quotes, found 'keras.Dense'",
                "Adam(model.parameters(), lr=0.1)|'Adam(model.parameters(), lr=0.1)', position 6: expected no parameters; leave them out: an optimizer has all parameters, or those that parameter-groups name",
                "nn.(3)|'nn.(3)', position 1: expected a name, such as Linear or nn.Linear, or text in quotes, found 'nn.'",
                "Linear(28*28, 9)|'Linear(28*28, 9)', position 10: expected a number, found a product; write what it comes to, 784 for 28*28",
                "X(a=[1, 2)|'X(a=[1, 2)', position 10: expected ',' or ']', found ')'",
                "''|'', position 1: expected a name, found the end",
                "5(1)|'5(1)', position 1: expected a name, found '5'",
                "Linear(784 512)|'Linear(784 512)', position 12: expected ',' or ')', found '5'",
                "Linear(784, 512|'Linear(784, 512', position 16: expected ',' or ')', found the end",
                "Linear(784,, 5)|'Linear(784,, 5)', position 12: expected a value, found ','",
                "Linear(784,)|'Linear(784,)', position 12: expected a value, found ')'",
                "Linear(784) x|'Linear(784) x', position 13: expected the end, found 'x'",
                "Conv2d(k=(1, 2)|'Conv2d(k=(1, 2)', position 16: expected ',' or ')', found the end",
                "Conv2d(k=())|'Conv2d(k=())', position 11: expected a value, found ')'",
                "Conv2d(k=)|'Conv2d(k=)', position 10: expected a value, found ')'",
                "Conv2d(5=k)|'Conv2d(5=k)', position 8: expected an argument name before '=', found '5'",
                "file(\"a)|'file(\"a)', position 9: expected a closing \", found the end",
                "X(1F)(2)|'X(1F)(2)', position 6: expected the end, found '('",
                "Conv2d(k=1, k=2)|'Conv2d(k=1, k=2)', position 13: argument 'k' is given twice",
                "Conv2d(k=1, 2)|'Conv2d(k=1, 2)', position 13: expected name=value, found '2': arguments without name come first",
                "A(B(C(D(E(F(G(H(I(J(1))))))))))|'A(B(C(D(E(F(G(H(I(J(1))))))))))', position 19: expected at most 8 levels of parentheses, found 'J'",
            })
    void saysWhereAndWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Spec.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    /** Every prefix and every single wrong character gives a spec or the named error, nothing else. */
    @Test
    void survivesDamage() {
        String text = "Conv2d(1, 6, kernel_size=(5, 3), padding=2e-1)";
        for (int i = 0; i < text.length(); i++) {
            for (String damage : List.of("", "(", ")", ",", "=", "\u0000", "é", "-", " ", "\"", "'")) {
                parseOrNamedError(text.substring(0, i) + damage);
                parseOrNamedError(text.substring(0, i) + damage + text.substring(i + 1));
            }
        }
    }

    private static void parseOrNamedError(String text) {
        try {
            Spec spec = Spec.parse(text);
            assertThat(Spec.parse(spec.toString())).isEqualTo(spec);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("position");
        }
    }

    @Test
    void printsNumbersShort() {
        assertThat(List.of(
                        Spec.number(0.1f), Spec.number(5f), Spec.number(1e-8), Spec.number(0.001), Spec.number(1e10)))
                .containsExactly("0.1", "5", "1e-8", "0.001", "1e10");
    }
}
