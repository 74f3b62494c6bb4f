package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.JobText;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.weights.WeightMapping;
import io.ketju.data.safetensors.ElementType;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights of files that others wrote: other names, types and shapes, and only some of them. */
class InitialWeightsTest {
    /** A tensor of a file; its values count up from {@code first}. */
    private record Stored(String name, ElementType type, int first, List<Integer> dimensions) {
        Stored(String name, ElementType type, int first, Integer... dimensions) {
            this(name, type, first, List.of(dimensions));
        }

        int elements() {
            return dimensions.stream().reduce(1, (a, b) -> a * b);
        }

        /** Every type that is used here can hold these numbers exactly. */
        void put(ByteBuffer data) {
            for (int value = first; value < first + elements(); value++) {
                switch (type) {
                    case F64 -> data.putDouble(value);
                    case F32 -> data.putFloat(value);
                    case F16 -> data.putShort(Float.floatToFloat16(value));
                    case BF16 -> data.putShort((short) (Float.floatToIntBits(value) >>> 16));
                    case I64 -> data.putLong(value);
                    case I32 -> data.putInt(value);
                    default -> data.put((byte) value);
                }
            }
        }
    }

    /** All of a network of 4, 3 and 3 units, in a type each, as a module of PyTorch saves it that holds the network. */
    private static final List<Stored> MODULE = List.of(
            new Stored("module.1.weight", ElementType.F64, -6, 3, 4),
            new Stored("module.1.bias", ElementType.I64, 1, 3),
            new Stored("module.3.weight", ElementType.BF16, -4, 3, 3),
            new Stored("module.3.bias", ElementType.F16, -1, 3),
            new Stored("module.bn.num_batches_tracked", ElementType.I64, 7));

    @TempDir
    private Path folder;

    @Test
    void everyTypeComesInUnderTheModelsNames() throws IOException {
        Path file = file(MODULE);
        WeightMapping mapping = WeightMapping.STRICT.renaming("module.=");
        try (TrainedModel model = Ketju.model(small().build(), file, mapping)) {
            assertThat(model.parameter("1.weight")).containsExactly(-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5);
            assertThat(model.parameter("1.bias")).containsExactly(1, 2, 3);
            assertThat(model.parameter("3.weight")).containsExactly(-4, -3, -2, -1, 0, 1, 2, 3, 4);
            assertThat(model.parameter("3.bias")).containsExactly(-1, 0, 1);
        }
        TrainingJob job = small().initialWeights(file, mapping).build();
        assertThat(job.notes()).isEmpty();
        assertThat(JobText.print(job))
                .contains("init-rename = [\n  \"module.=\"\n]\n")
                .doesNotContain("init-fit");
        String one = Ketju.fit(job).stateSha256();
        assertThat(Ketju.fit(small().stages(3).initialWeights(file, mapping).build())
                        .stateSha256())
                .isEqualTo(one);
    }

    /** What PyTorch saves of a normalization: a count beside the statistics, a whole number that may be anything. */
    @ParameterizedTest
    @EnumSource(names = {"I64", "F32"})
    void aCountOfBatchesIsTakenWhereTheModelHasOneAndElseNotMissed(ElementType type) throws IOException {
        Path file = file(List.of(
                new Stored("0.weight", ElementType.F32, 1, 4),
                new Stored("0.bias", ElementType.F32, 2, 4),
                new Stored("0.running_mean", ElementType.F32, 3, 4),
                new Stored("0.running_var", ElementType.F32, 4, 4),
                new Stored("0.num_batches_tracked", type, 7)));
        try (TrainedModel model = Ketju.model(normalizing(new BatchNorm1d(4)).build(), file, WeightMapping.STRICT)) {
            assertThat(model.parameter("0.running_mean")).containsExactly(3, 4, 5, 6);
        }
        assertThat(normalizing(new BatchNorm1d(4)).initialWeights(file).build().notes())
                .isEmpty();
        BatchNorm1d mean = new BatchNorm1d(4).withoutMomentum();
        try (TrainedModel model = Ketju.model(normalizing(mean).build(), file, WeightMapping.STRICT)) {
            assertThat(model.parameter("0.num_batches_tracked")).containsExactly(7);
        }
    }

    private static JobBuilder normalizing(BatchNorm1d layer) {
        return SmallJobs.tiny().microbatches(2).model(Shape.of(4), Sequential.of(layer));
    }

    @Test
    void aPrefixThatIsInTheWayIsNamed() throws IOException {
        Path file = file(MODULE);
        assertThatThrownBy(() -> small().initialWeights(file).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "init: " + file + ": does not fit the model: 4 missing: '1.weight' [3, 4], '1.bias' [3],"
                                + " '3.weight' [3, 3], '3.bias' [3]; 4 unexpected: 'module.1.weight' [3, 4], 'module.1.bias' [3],"
                                + " 'module.3.weight' [3, 3], 'module.3.bias' [3]; init-rename = [\"module.=\"] makes names fit");
        Path bare = file(List.of(new Stored("weight", ElementType.F32, 0, 3, 4)));
        assertThatThrownBy(() -> small().initialWeights(bare).build()).hasMessageContaining("init-rename = [\"=1.\"]");
    }

    @Test
    void allThatDoesNotFitIsSaidAtOnce() throws IOException {
        Path file = file(List.of(
                new Stored("1.weight", ElementType.U8, 0, 3, 4),
                new Stored("1.bias", ElementType.F32, 0, 3),
                new Stored("last.weight", ElementType.F32, 0, 3, 5),
                new Stored("extra", ElementType.I32, 0, 2)));
        String line = ": does not fit the model: 1 missing: '3.bias' [3]; 1 unexpected: 'extra' [2]; 1 misshapen:"
                + " '3.weight' expected [3, 3], found [3, 5]; 1 of another type: '1.weight' expected F64, F32, F16, BF16,"
                + " I64 or I32, found U8; init-fit = partial takes the 1 that fit";
        for (WeightMapping mapping : List.of(WeightMapping.STRICT, WeightMapping.LENIENT)) {
            assertThatThrownBy(() -> small().initialWeights(file, mapping.renaming("last=3"))
                            .build())
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessage("init: " + file + line);
        }
        assertThatThrownBy(() -> small().initialWeights(file, WeightMapping.STRICT.renaming("last.=old.last."))
                        .build())
                .hasMessageContaining(
                        "2 unexpected: 'old.last.weight' ('last.weight' in the file) [3, 5], 'extra' [2]");
        assertThatThrownBy(() -> small().initialWeights(file, WeightMapping.STRICT.renaming("*=w"))
                        .build())
                .hasMessageContaining("as many '*'");
        assertThatThrownBy(() -> small().initialWeights(file, WeightMapping.PARTIAL.renaming("last.weight=extra"))
                        .build())
                .hasMessage("init: " + file
                        + ": init-rename gives one name, 'extra', to two tensors, 'last.weight' and 'extra'");
    }

    /** What the file does not give is the seed's, whatever the cut; the file with both is the same start. */
    @ParameterizedTest
    @CsvSource({"1", "3"})
    void whatFitsIsTakenAndTheRestStartsFromTheSeed(int stages) throws IOException {
        Path file = file(List.of(
                new Stored("1.weight", ElementType.F32, -6, 3, 4),
                new Stored("3.weight", ElementType.F32, 0, 3, 5),
                new Stored("optimizer/1.weight/exp_avg", ElementType.F32, 0, 3, 4),
                new Stored("extra", ElementType.I32, 0, 2)));
        TrainingJob job = small().stages(stages)
                .initialWeights(file, WeightMapping.PARTIAL)
                .build();
        assertThat(job.notes())
                .containsExactly(
                        file + " gives 1 of the model's 4 tensors, the seed the others: 2 missing: '1.bias' [3],"
                                + " '3.bias' [3]; 2 unexpected: 'optimizer/1.weight/exp_avg' [3, 4], 'extra' [2]; 1 misshapen:"
                                + " '3.weight' expected [3, 3], found [3, 5]");
        assertThat(JobText.print(job)).contains("init-fit = partial\n");
        try (TrainedModel model = Ketju.model(job, file, WeightMapping.PARTIAL);
                TrainedModel seed = seeds()) {
            assertThat(model.parameter("1.weight")).startsWith(-6, -5, -4);
            for (String name : List.of("1.bias", "3.weight", "3.bias")) {
                assertThat(model.parameter(name)).containsExactly(seed.parameter(name));
            }
            Path whole = folder.resolve("whole.safetensors");
            model.save(whole);
            assertThat(Ketju.fit(job).stateSha256())
                    .isEqualTo(Ketju.fit(small().initialWeights(whole).build()).stateSha256());
        }
    }

    @Test
    void howItIsTakenIsPartOfWhatAJobIs() throws IOException {
        Path file = file(List.of(
                new Stored("1.weight", ElementType.F32, 0, 3, 4), new Stored("3.weight", ElementType.F32, 0, 3, 3)));
        Set<String> hashes = new HashSet<>();
        for (WeightMapping mapping :
                List.of(WeightMapping.LENIENT, WeightMapping.PARTIAL, WeightMapping.PARTIAL.renaming("3.=last."))) {
            hashes.add(JobHash.numbers(small().initialWeights(file, mapping).build()));
        }
        assertThat(hashes).hasSize(3);
        assertThatThrownBy(() -> small().initialWeights(file, WeightMapping.PARTIAL.renaming("=x."))
                        .build())
                .hasMessageContaining("does not fit the model: 4 missing");
    }

    /** A value that is not taken may be anything. */
    @Test
    void onlyWhatIsTakenMustBeFinite() throws IOException {
        Path file = file(List.of(
                new Stored("1.weight", ElementType.F32, 0, 3, 4), new Stored("extra", ElementType.F16, 70_000, 1)));
        assertThat(small().initialWeights(file, WeightMapping.LENIENT).build().notes())
                .hasSize(1);
        assertThatThrownBy(() -> small().initialWeights(file, WeightMapping.LENIENT.renaming("extra=1.bias"))
                        .build())
                .hasMessageContaining("'1.bias' expected [3], found [1]");
        Path taken = file(List.of(new Stored("1.bias", ElementType.F16, 70_000, 3)));
        assertThatThrownBy(() ->
                        small().initialWeights(taken, WeightMapping.LENIENT).build())
                .hasMessageContaining("tensor '1.bias', value 0: expected a finite float32, found Infinity");
    }

    private static JobBuilder small() {
        return SmallJobs.tiny().epochs(1).model(Shape.of(4), MLP.of(4, 3, 3));
    }

    /** A file that gives the model nothing that counts: all its values are the seed's. */
    private TrainedModel seeds() throws IOException {
        Path file = file(List.of(new Stored("1.weight", ElementType.F32, 0, 3, 4)));
        return Ketju.model(small().build(), file, WeightMapping.LENIENT);
    }

    private Path file(List<Stored> tensors) throws IOException {
        StringBuilder header = new StringBuilder("{");
        int at = 0;
        for (Stored tensor : tensors) {
            int bytes = tensor.elements() * tensor.type().bytes();
            header.append(header.length() == 1 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(tensor.name(), tensor.type(), tensor.dimensions(), at, at + bytes));
            at += bytes;
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + json.length + at).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        tensors.forEach(tensor -> tensor.put(file));
        return Files.write(Files.createTempFile(folder, "weights", ".safetensors"), file.array());
    }
}
