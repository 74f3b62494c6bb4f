package io.ketju.tensor.kernel.recurrent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.testing.Operand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recurrent cells give the states and gradients of the scalar kernels, at any width and number of threads. */
class RecurrentVectorTest {
    private static final RecurrentKernels SCALAR = new ScalarRecurrent();

    @ParameterizedTest
    @CsvSource({
        "0, 4", "1, 0", "1, 1", "3, 3", "2, 4", "2, 7", "5, 8", "3, 15", "3, 16", "2, 17", "4, 33", "70, 100", "9, 512"
    })
    void allCells(int batch, int hidden) {
        for (int threads : new int[] {1, 3}) {
            try (TensorCore core = TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR))) {
                lstm(core.kernels().recurrent(), batch, hidden);
                gru(core.kernels().recurrent(), batch, hidden);
                for (RecurrentActivation activation : RecurrentActivation.values()) {
                    rnn(core.kernels().recurrent(), activation, batch, hidden);
                }
            }
        }
    }

    @Test
    void wrongOperandsAreNamed() {
        Operand state = operand(1, 2, 3);
        Operand gates = operand(2, 2, 9);
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.VECTOR))) {
            for (RecurrentKernels kernels :
                    new RecurrentKernels[] {SCALAR, core.kernels().recurrent()}) {
                assertThatThrownBy(() -> kernels.lstmForward(
                                gates.tensor, gates.tensor, state.tensor, state.tensor, state.tensor, gates.tensor))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("recurrent cell: expected an operand float32[2, 12], found float32[2, 9]");
            }
        }
    }

    private static void lstm(RecurrentKernels kernels, int batch, int hidden) {
        String what = "LSTM of " + batch + " x " + hidden;
        Operand xg = operand(1, batch, 4 * hidden);
        Operand hg = operand(2, batch, 4 * hidden);
        Operand before = operand(3, batch, hidden);
        Operand[] actual = {operand(4, batch, hidden), operand(5, batch, hidden), operand(6, batch, 4 * hidden)};
        Operand[] expected = copies(actual);
        SCALAR.lstmForward(
                xg.tensor, hg.tensor, before.tensor, expected[0].tensor, expected[1].tensor, expected[2].tensor);
        kernels.lstmForward(xg.tensor, hg.tensor, before.tensor, actual[0].tensor, actual[1].tensor, actual[2].tensor);
        same(what, actual, expected);
        Operand dh = operand(7, batch, hidden);
        Operand[] gradients = {operand(8, batch, hidden), operand(9, batch, 4 * hidden)};
        Operand[] wanted = copies(gradients);
        SCALAR.lstmBackward(
                dh.tensor, actual[2].tensor, before.tensor, actual[0].tensor, wanted[0].tensor, wanted[1].tensor);
        kernels.lstmBackward(
                dh.tensor, actual[2].tensor, before.tensor, actual[0].tensor, gradients[0].tensor, gradients[1].tensor);
        same("gradient of " + what, gradients, wanted);
    }

    private static void gru(RecurrentKernels kernels, int batch, int hidden) {
        String what = "GRU of " + batch + " x " + hidden;
        Operand xg = operand(11, batch, 3 * hidden);
        Operand hg = operand(12, batch, 3 * hidden);
        Operand before = operand(13, batch, hidden);
        Operand[] actual = {operand(14, batch, hidden), operand(15, batch, 4 * hidden)};
        Operand[] expected = copies(actual);
        SCALAR.gruForward(xg.tensor, hg.tensor, before.tensor, expected[0].tensor, expected[1].tensor);
        kernels.gruForward(xg.tensor, hg.tensor, before.tensor, actual[0].tensor, actual[1].tensor);
        same(what, actual, expected);
        Operand dh = operand(17, batch, hidden);
        Operand[] gradients = {
            operand(18, batch, 3 * hidden), operand(19, batch, 3 * hidden), operand(20, batch, hidden)
        };
        Operand[] wanted = copies(gradients);
        SCALAR.gruBackward(
                dh.tensor, actual[1].tensor, before.tensor, wanted[0].tensor, wanted[1].tensor, wanted[2].tensor);
        kernels.gruBackward(
                dh.tensor,
                actual[1].tensor,
                before.tensor,
                gradients[0].tensor,
                gradients[1].tensor,
                gradients[2].tensor);
        same("gradient of " + what, gradients, wanted);
    }

    private static void rnn(RecurrentKernels kernels, RecurrentActivation activation, int batch, int hidden) {
        String what = "RNN " + activation + " of " + batch + " x " + hidden;
        Operand xg = operand(21, batch, hidden);
        Operand hg = operand(22, batch, hidden);
        Operand[] actual = {operand(23, batch, hidden), operand(24, batch, hidden)};
        Operand[] expected = copies(actual);
        SCALAR.rnnForward(activation, xg.tensor, hg.tensor, expected[0].tensor);
        kernels.rnnForward(activation, xg.tensor, hg.tensor, actual[0].tensor);
        SCALAR.rnnBackward(activation, xg.tensor, expected[0].tensor, expected[1].tensor);
        kernels.rnnBackward(activation, xg.tensor, actual[0].tensor, actual[1].tensor);
        same(what, actual, expected);
    }

    private static Operand operand(long seed, int rows, int columns) {
        return Operand.special(seed, "recurrent", Shape.of(rows, columns));
    }

    private static Operand[] copies(Operand[] operands) {
        Operand[] copies = operands.clone();
        for (int i = 0; i < copies.length; i++) {
            copies[i] = operands[i].copy();
        }
        return copies;
    }

    private static void same(String what, Operand[] actual, Operand[] expected) {
        for (int i = 0; i < actual.length; i++) {
            actual[i].assertSameBits("result " + i + ", " + what, expected[i]);
        }
    }
}
