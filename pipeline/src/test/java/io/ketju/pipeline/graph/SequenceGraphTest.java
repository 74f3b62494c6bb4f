package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.MultiheadAttention;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.recurrent.GRU;
import io.ketju.layers.recurrent.LSTM;
import io.ketju.layers.shape.Flatten;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Attention and recurrent layers over padded sequences, whose backward passes share a workspace, cut at every place. */
class SequenceGraphTest {
    private static final int STEPS = 2;
    private static final int SAMPLES = 7;
    private static final int MICROBATCHES = 3;
    private static final int LENGTH = 5;
    private static final int WIDTH = 6;
    private static final int CLASSES = 3;
    private static final long SEED = 11;
    private static final SGD OPTIMIZER = new SGD(0.1).withMomentum(0.9);

    private static Model model() {
        ModelBuilder builder = new ModelBuilder();
        Value x = builder.input(Input.samples("x", DType.FLOAT32, Shape.of(LENGTH, WIDTH)));
        Value lengths = builder.input(Input.samples("lengths", DType.INT32, Shape.of()));
        // Nothing before learns, so only one backward pass runs in the first GRU.
        Value first = builder.addAll("gru", new GRU(WIDTH, WIDTH), x, lengths).getFirst();
        Value self = new MultiheadAttention(WIDTH, 2).asCausal().in(builder.inside("self"), first, lengths);
        Value cross = new MultiheadAttention(WIDTH, 3).in(builder.inside("cross"), self, first, first, lengths);
        List<Value> last = builder.addAll("lstm", new LSTM(WIDTH, 4).withLayers(2), cross, lengths);
        Value classes = builder.add("fc", new Linear(8, CLASSES), builder.add("flatten", new Flatten(), last.get(1)));
        return builder.head("loss", new CrossEntropyLoss(), List.of(classes), "target")
                .output(classes)
                .build();
    }

    @Test
    void everyCutTrainsTheSameBits() {
        Model model = model();
        try (TensorArena arena = new TensorArena(1 << 16);
                TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR))) {
            List<Map<String, Tensor>> batches = batches(arena);
            for (ParameterGroups groups : GraphTraining.groups(model, OPTIMIZER)) {
                GraphTraining training = new GraphTraining(model, groups, batches, SAMPLES, MICROBATCHES, SEED);
                String expected = training.naive();
                for (Partition partition : GraphTraining.oneCut(model)) {
                    for (Schedule schedule : GraphTraining.schedules(partition.stages())) {
                        assertThat(training.staged(partition, schedule, core))
                                .as("%s, %s, %s", partition, schedule, groups)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    private static List<Map<String, Tensor>> batches(TensorArena arena) {
        Random random = new Random(SEED);
        List<Map<String, Tensor>> batches = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            Tensor x = arena.allocate(Shape.of(SAMPLES, LENGTH, WIDTH));
            for (int i = 0; i < x.elements(); i++) {
                x.setFloat(i, (float) random.nextGaussian());
            }
            batches.add(Map.of(
                    "x", x,
                    "lengths", ints(arena, random, LENGTH + 1),
                    "target", ints(arena, random, CLASSES)));
        }
        return batches;
    }

    private static Tensor ints(TensorArena arena, Random random, int bound) {
        Tensor tensor = arena.allocate(DType.INT32, Shape.of(SAMPLES));
        for (int i = 0; i < SAMPLES; i++) {
            tensor.setInt(i, random.nextInt(bound));
        }
        return tensor;
    }
}
