package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Floats;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where optimizers say that their updates lead: there they go, where the gradient has long been the same. */
class PredictionTest {
    private static final int SIZE = 19;
    private static final int UPDATES = 300;
    /** Of some updates in single precision, relative to the largest weight. */
    private static final double TOLERANCE = 2e-6;

    private final TensorArena arena = new TensorArena(1 << 14);
    private final Tensor scratch = arena.allocate(Shape.of(SIZE));

    @AfterEach
    void close() {
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SGD(lr=0.001, momentum=0.9)",
                "SGD(lr=0.001, momentum=0.9, nesterov=true)",
                "SGD(lr=0.001, momentum=0.8, dampening=0.5)",
                "SGD(lr=0.001, momentum=0.9, maximize=true)",
                "Adam(lr=0.001)",
                "Adam(lr=0.001, betas=(0.8, 0.9), amsgrad=true)",
                "Adam(lr=0.001, weight_decay=0.1, decoupled_weight_decay=true)",
                "Adam(lr=0.001, maximize=true)",
                "AdamW(lr=0.001, weight_decay=0.1)",
                "AdamW(lr=0.001, amsgrad=true)",
            })
    void updatesGoWhereTheyAreSaidToGo(String text) {
        requireReached(Optimizers.parse(text), List.of(0.001, 0.004, 0.002));
    }

    /** Its way stays as long as it was, so the rate must be the same. */
    @Test
    void aKeptDisplacementIsGoneAgain() {
        requireReached(
                new SGD(0.001).withMomentum(0.9).with(SGD.Form.DISPLACEMENT), List.of(0.001, 0.001, 0.001, 0.001));
    }

    private void requireReached(Optimizer optimizer, List<Double> rates) {
        assertThat(optimizer.predicts()).isTrue();
        Random random = new Random(5);
        Tensor weight = random(random);
        Tensor gradient = random(random);
        List<Tensor> state = optimizer.states().stream()
                .map(kept -> arena.allocate(Shape.of(SIZE)))
                .toList();
        long step = 0;
        while (step < UPDATES) {
            optimizer.update(Kernels.scalar(), 0.001, ++step, weight, copy(gradient), state);
        }
        float[] before = weight.toFloats();
        Tensor predicted = random(random);
        optimizer.predict(Kernels.scalar(), rates, step, weight, state, predicted);
        assertThat(weight.toFloats()).isEqualTo(before);
        for (double rate : rates) {
            optimizer.update(Kernels.scalar(), rate, ++step, weight, copy(gradient), state);
        }
        Floats.assertClose(optimizer.toString(), predicted.toFloats(), weight.toFloats(), TOLERANCE);
        assertThat(predicted.toFloats()).isNotEqualTo(before);
    }

    @Test
    void noOtherPredicts() {
        assertThat(Optimizers.names().stream()
                        .filter(name -> !name.equals("SGD"))
                        .filter(name -> Optimizers.parse(name).predicts()))
                .containsExactly("Adam", "AdamW");
        SGD plain = new SGD(0.1);
        assertThat(plain.predicts()).isFalse();
        Tensor weight = arena.allocate(Shape.of(1));
        assertThatThrownBy(() -> plain.predict(Kernels.scalar(), List.of(0.1), 1, weight, List.of(), weight))
                .hasMessageContaining("keeps no direction");
    }

    private Tensor random(Random random) {
        Tensor tensor = arena.allocate(Shape.of(SIZE));
        for (int i = 0; i < SIZE; i++) {
            tensor.setFloat(i, (float) random.nextGaussian());
        }
        return tensor;
    }

    /** Updates may overwrite the gradient. */
    private Tensor copy(Tensor gradient) {
        scratch.copyFrom(gradient);
        return scratch;
    }
}
