package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.arithmetic.Aggregate;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.loss.OutputLoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.vocabulary.HierarchicalSoftmax;
import io.ketju.layers.vocabulary.HuffmanTree;
import io.ketju.layers.vocabulary.NegativeSampling;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Skip-gram and CBOW, the embedding in one stage and what is scored against it in another: the bits of one stage. */
class WordVectorGraphTest {
    private static final int TOKENS = 11;
    private static final int DIM = 6;
    private static final int WINDOW = 4;
    private static final int SAMPLES = 5;
    private static final int[] COUNTS = {90, 40, 40, 21, 13, 8, 5, 3, 2, 1, 1};

    private static void train(Model model, String context, Map<String, Tensor> constants, TensorArena arena) {
        Random random = new Random(7);
        List<Map<String, Tensor>> batches = new ArrayList<>();
        for (int step = 0; step < 3; step++) {
            Map<String, Tensor> batch = new LinkedHashMap<>(constants);
            Shape words = context.equals("words") ? Shape.of(SAMPLES, WINDOW) : Shape.of(SAMPLES);
            batch.put(context, tokens(arena, words, random));
            batch.put("target", tokens(arena, Shape.of(SAMPLES), random));
            batches.add(batch);
        }
        ParameterGroups groups = new ParameterGroups(List.of(), new SGD(0.5));
        GraphTraining training = new GraphTraining(model, groups, batches, SAMPLES, 2, 3);
        Partition whole = new Partition(List.of(0, model.nodes().size()));
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR))) {
            String expected = training.staged(whole, new OneForwardOneBackward(), core);
            for (Partition partition : GraphTraining.oneCut(model)) {
                for (Schedule schedule : GraphTraining.SCHEDULES) {
                    assertThat(training.staged(partition, schedule, core))
                            .as("%s %s", partition, schedule)
                            .isEqualTo(expected);
                }
            }
        }
    }

    private static Tensor tokens(TensorArena arena, Shape shape, Random random) {
        Tensor tokens = arena.allocate(DType.INT32, shape);
        for (int i = 0; i < tokens.elements(); i++) {
            tokens.setInt(i, random.nextInt(TOKENS));
        }
        return tokens;
    }

    @Test
    void skipGramWithNegativeSampling() {
        ModelBuilder builder = new ModelBuilder();
        Value word = builder.input(Input.samples("word", DType.INT32, Shape.of()));
        Value target = builder.input(Input.samples("target", DType.INT32, Shape.of()));
        Value counts = builder.input(Input.whole("counts", TensorType.ints(TOKENS)));
        Value vector = builder.add("vectors", new Embedding(TOKENS, DIM), word);
        Value loss = builder.add("sampled", new NegativeSampling(TOKENS, DIM), vector, target, counts);
        builder.head("loss", new OutputLoss(), List.of(loss)).output(loss);
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor given = arena.allocate(DType.INT32, Shape.of(TOKENS));
            for (int i = 0; i < TOKENS; i++) {
                given.setInt(i, COUNTS[i]);
            }
            train(builder.build(), "word", Map.of("counts", given), arena);
        }
    }

    @Test
    void cbowWithAHuffmanTree() {
        HuffmanTree tree = HuffmanTree.of(COUNTS);
        ModelBuilder builder = new ModelBuilder();
        Value words = builder.input(Input.samples("words", DType.INT32, Shape.of(WINDOW)));
        Value target = builder.input(Input.samples("target", DType.INT32, Shape.of()));
        Value paths = builder.input(Input.whole("paths", tree.type()));
        Value vectors = builder.add("vectors", new Embedding(TOKENS, DIM), words);
        Value mean = builder.add("mean", new Aggregate(Aggregate.Kind.MEAN, 1, false), vectors);
        Value loss = builder.add("tree", new HierarchicalSoftmax(TOKENS, DIM, true), mean, target, paths);
        builder.head("loss", new OutputLoss(), List.of(loss)).output(loss);
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor given = arena.allocate(tree.type().dtype(), tree.type().shape());
            tree.copyTo(given);
            train(builder.build(), "words", Map.of("paths", given), arena);
        }
    }
}
