package io.ketju.layers.loss;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.model.Head;
import io.ketju.layers.model.Value;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What losses say of wrong arguments, outputs and targets. */
class LossErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MSELoss(reduction=none)|MSELoss: argument 'reduction': expected mean or sum, found 'none'",
                "MSELoss(reductoin=sum)|MSELoss(reductoin=sum): unknown argument 'reductoin'; did you mean 'reduction'? it takes reduction, sample_weights",
                "KLDivLoss(reduction=batch)|KLDivLoss: argument 'reduction': expected mean or batchmean or sum, found 'batch'",
                "MultiMarginLoss(p=3)|MultiMarginLoss: argument 'p': expected 1 or 2, found 3",
                "MultiMarginLoss(weight=(1, -1))|MultiMarginLoss: argument 'weight': expected numbers of at least 0, found -1.0",
                "TripletMarginLoss(margin=0)|TripletMarginLoss: argument 'margin': expected a number > 0, found 0.0",
                "TripletMarginLoss(p=0.5)|TripletMarginLoss: argument 'p': expected a number >= 1, found 0.5",
                "CosineEmbeddingLoss(margin=2)|CosineEmbeddingLoss: argument 'margin': expected -1 to 1, found 2.0",
                "GaussianNLLLoss(eps=0)|GaussianNLLLoss: argument 'eps': expected a number > 0, found 0.0",
                "PoissonNLLLoss(eps=-1)|PoissonNLLLoss: argument 'eps': expected a number > 0, found -1.0",
                "CTCLoss(blank=-1)|CTCLoss: argument 'blank': expected at least 0, found -1",
                "CTCLoss(most_labels=-2)|CTCLoss: argument 'most_labels': expected at least 0, found -2",
                "BCELoss(weight=(1, -3))|BCELoss: argument 'weight': expected numbers of at least 0, found -3.0",
                "TripletMaginLoss()|unknown loss 'TripletMaginLoss'; did you mean 'TripletMarginLoss'?",
            })
    void arguments(String text, String message) {
        assertThatThrownBy(() -> Losses.parse(text)).hasMessage(message);
    }

    @Test
    void argumentsOfPrograms() {
        assertThatThrownBy(() -> new CTCLoss(0, "batchmean", false, 0))
                .hasMessage("CTCLoss: argument 'reduction': expected mean or sum, found 'batchmean'");
    }

    @Test
    void outputs() {
        refuses(
                "HingeLoss()",
                "HingeLoss: expected model output [samples, classes], found [2, 3, 4]; add Flatten() or Linear",
                floats(2, 3, 4));
        refuses("MarginRankingLoss()", "expected 2 inputs, found 1 [float32[2, 3]]", floats(2, 3));
        refuses(
                "MarginRankingLoss()",
                "MarginRankingLoss: expected 2 outputs [samples, ...] of one shape, found [float32[2, 3], float32[2, 4]]",
                floats(2, 3),
                floats(2, 4));
        refuses(
                "TripletMarginLoss()",
                "TripletMarginLoss: expected outputs [samples, size], found [2]; add Flatten()",
                floats(2),
                floats(2),
                floats(2));
        refuses(
                "GaussianNLLLoss()",
                "GaussianNLLLoss: expected variances of the shape of the values, [2, 3], or one in its last dimension,"
                        + " found [2]",
                floats(2, 3),
                floats(2));
        refuses(
                "CTCLoss(blank=4)",
                "CTCLoss: expected model output [samples, steps, classes] with more than 4 classes, the blank being 4,"
                        + " found [2, 5, 4]",
                floats(2, 5, 4));
        refuses(
                "BCELoss(weight=(1, 2))",
                "BCELoss: expected model output [samples, ..., 2], as many as weights, found [4, 3]",
                floats(4, 3));
    }

    @Test
    void headsNameTheTargetsThatTheirLossTakes() {
        Head head = new Head("h", Losses.parse("TripletMarginLoss()"), List.of(new Value(0, 0)), List.of("target"), 1);
        assertThatThrownBy(() -> head.targetTypes(List.of(floats(2, 3), floats(2, 3), floats(2, 3))))
                .hasMessage("head h: expected names of 0 targets, [], which TripletMarginLoss() takes, found [target]");
    }

    @Test
    void values() {
        fails(
                "BCELoss()",
                "BCELoss: model output 1 of the micro-batch: expected a probability from 0 to 1, found 1.5; end the model with Sigmoid(), or take BCEWithLogitsLoss",
                List.of(floats(2)),
                new float[] {0.5f, 1.5f},
                new float[] {0, 1});
        fails(
                "HingeEmbeddingLoss()",
                "HingeEmbeddingLoss: target of sample 1 of the micro-batch: expected 1 or -1, found 0.0",
                List.of(floats(2)),
                new float[] {1, 2},
                new float[] {1, 0});
        fails(
                "MultiMarginLoss()",
                "MultiMarginLoss: target of sample 1 of the micro-batch: expected a class from 0 to 2, found 3; give the model more outputs or correct the labels",
                List.of(floats(2, 3)),
                new float[6],
                new float[] {0, 3});
        fails(
                "MultiLabelMarginLoss()",
                "MultiLabelMarginLoss: target of sample 0, position 1 of the micro-batch: expected a class from 0 to 2, or -1 for none, found -2; give the model more outputs or correct the labels",
                List.of(floats(1, 3)),
                new float[3],
                new float[] {0, -2, 0});
        fails(
                "GaussianNLLLoss()",
                "GaussianNLLLoss: variance of sample 1 of the micro-batch: expected at least 0, found -1.0; end that branch with Softplus()",
                List.of(floats(2), floats(2)),
                new float[] {1, -1},
                new float[] {1, 0});
        fails(
                "MSELoss(sample_weights=true)",
                "MSELoss: weight of sample 1 of the micro-batch: expected a number of at least 0, found -1.0",
                List.of(floats(2)),
                new float[] {1, 2},
                new float[] {1, -1});
        fails(
                "CTCLoss(most_labels=1)",
                "CTCLoss: target of sample 0 of the micro-batch: expected a number of steps from 0 to 2, found 3",
                List.of(floats(1, 2, 5)),
                new float[10],
                new float[] {3});
    }

    private static TensorType floats(int... dimensions) {
        return TensorType.floats(dimensions);
    }

    private static void refuses(String loss, String message, TensorType... inputs) {
        assertThatThrownBy(() -> Losses.parse(loss).targets(List.of(inputs))).hasMessage(message);
    }

    /** Every input and every target of the loss has as many of the values as it has elements, from the first. */
    private static void fails(String text, String message, List<TensorType> inputs, float[] outputs, float[] wanted) {
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Loss loss = Losses.parse(text);
            List<Tensor> given =
                    inputs.stream().map(type -> filled(arena, type, outputs)).toList();
            List<Tensor> targets = loss.targets(inputs).stream()
                    .map(type -> filled(arena, type, wanted))
                    .toList();
            List<Tensor> gradients =
                    inputs.stream().map(type -> filled(arena, type, outputs)).toList();
            List<Tensor> room = loss.room(inputs).stream()
                    .map(type -> filled(arena, type, outputs))
                    .toList();
            LossPass pass = new LossPass(Kernels.scalar(), given, targets, new ArrayList<>(gradients), room, 1);
            assertThatThrownBy(() -> loss.compute(pass)).hasMessage(message);
        }
    }

    private static Tensor filled(TensorArena arena, TensorType type, float[] values) {
        Tensor tensor = arena.allocate(type.dtype(), type.shape());
        float[] whole = Arrays.copyOf(values, tensor.elements());
        for (int i = 0; i < whole.length; i++) {
            if (type.differentiable()) {
                tensor.setFloat(i, whole[i]);
            } else {
                tensor.setInt(i, (int) whole[i]);
            }
        }
        return tensor;
    }
}
