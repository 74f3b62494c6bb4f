package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.Layer;
import io.ketju.layers.arithmetic.Scale;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.linear.Bias;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.SplitBackward;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every layer between learning neighbours, with a cut before it, a cut behind it and both, whole and split backward passes:
 * the bits of one stage. The rows are those of the layers' own tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LayerCutsTest {
    private static final Path ROWS = Path.of("..", "layers", "src", "test", "resources", "cases", "layers");
    private static final int SAMPLES = 5;
    private static final int MICROBATCHES = 2;
    private static final int STEPS = 2;
    private static final long SEED = 17;

    private TensorCore core;

    @BeforeAll
    void open() {
        core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
    }

    @AfterAll
    void close() {
        core.close();
    }

    /** Those of which a sample is an outermost dimension. */
    static List<String> rows() throws IOException {
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROWS)) {
            for (Path file : files.sorted().toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .filter(line ->
                                Stream.of("pointers", "offsets", "large").noneMatch(line::contains))
                        .forEach(rows::add);
            }
        }
        return rows;
    }

    /** The layer's place in the order, and the model around it. */
    private record Surrounded(Model model, int place, Map<String, RowOperand> batch) {
        private static Surrounded of(String row) {
            String[] parts = row.split("\\|", -1);
            List<RowOperand> operands = Arrays.stream(parts[1].split(";", -1))
                    .map(RowOperand::parse)
                    .toList();
            Layer layer = Layers.parse(parts[0].strip());
            int samples = operands.getFirst().type().shape().dimension(0);
            ModelBuilder builder = new ModelBuilder();
            Map<String, RowOperand> batch = new LinkedHashMap<>();
            List<Value> inputs = new ArrayList<>();
            int place = 0;
            for (int i = 0; i < operands.size(); i++) {
                RowOperand operand = operands.get(i);
                String name = "x" + i;
                batch.put(name, operand);
                Value input = builder.input(operand.input(name, samples));
                if (operand.learnable()) {
                    input = builder.add(
                            "before" + i, new Bias(operand.type().shape().dimension(-1)), input);
                    place++;
                }
                inputs.add(input);
            }
            List<Value> outputs = builder.addAll("layer", layer, inputs.toArray(Value[]::new));
            for (int i = 0; i < outputs.size(); i++) {
                TensorType type = builder.type(outputs.get(i));
                Layer next = RowOperand.learnable(type) ? new Bias(type.shape().dimension(-1)) : new Scale(0.5);
                Value behind = builder.add("behind" + i, next, outputs.get(i));
                builder.head("loss" + i, new MSELoss(), List.of(behind), "t" + i)
                        .output(behind);
                batch.put("t" + i, new RowOperand(type, "", 1, false));
            }
            return new Surrounded(builder.build(), place, batch);
        }

        Map<String, Tensor> fill(TensorArena arena, Random random) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            batch.forEach((name, operand) -> {
                boolean whole =
                        model.inputs().stream().anyMatch(input -> input.name().equals(name) && !input.batched());
                tensors.put(name, operand.fill(arena, whole ? 0 : SAMPLES, random));
            });
            return tensors;
        }

        Partition whole() {
            return new Partition(List.of(0, model.nodes().size()));
        }

        List<Partition> partitions() {
            int end = model.nodes().size();
            List<Partition> partitions = new ArrayList<>(List.of(new Partition(List.of(0, place + 1, end))));
            if (place > 0) {
                partitions.add(new Partition(List.of(0, place, end)));
                partitions.add(new Partition(List.of(0, place, place + 1, end)));
            }
            return partitions;
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void cutsAroundTheLayerTrainTheSameBits(String row) {
        Surrounded surrounded = Surrounded.of(row);
        Random random = new Random(SEED);
        try (TensorArena arena = new TensorArena(1 << 17)) {
            List<Map<String, Tensor>> batches = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                batches.add(surrounded.fill(arena, random));
            }
            ParameterGroups groups = new ParameterGroups(List.of(), new SGD(0.01).withMomentum(0.9));
            GraphTraining training =
                    new GraphTraining(surrounded.model(), groups, batches, SAMPLES, MICROBATCHES, SEED);
            String expected = training.staged(surrounded.whole(), new OneForwardOneBackward(), core);
            for (Partition partition : surrounded.partitions()) {
                for (Schedule schedule : List.of(new OneForwardOneBackward(), new SplitBackward(true))) {
                    assertThat(training.staged(partition, schedule, core))
                            .as("%s, %s, %s", row, partition, schedule)
                            .isEqualTo(expected);
                }
            }
        }
    }
}
