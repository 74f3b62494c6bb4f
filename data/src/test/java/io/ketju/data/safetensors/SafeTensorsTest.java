package io.ketju.data.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.file.DurableFile;
import io.ketju.data.file.FileDigest;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
    private static final Path PYTHON = Path.of("src/test/resources/golden/python.safetensors");

    private final TensorArena arena = new TensorArena(8 << 20);

    @TempDir
    Path folder;

    @AfterEach
    void closeArena() {
        arena.close();
    }

    @Test
    void writesTheseBytes() throws Exception {
        Tensor weight = arena.allocate(Shape.of(1, 2));
        weight.copyFrom(new float[] {1, -2.5f});
        Tensor bias = arena.allocate(DType.INT32, Shape.of());
        bias.setInt(0, 258);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("z", "1");
        metadata.put("a", "\"ä");
        byte[] file = write(List.of(new NamedTensor("w", weight), new NamedTensor("b", bias)), metadata);

        String header = "{\"__metadata__\":{\"z\":\"1\",\"a\":\"\\\"ä\"},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[8,12]}}";
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        ByteBuffer expected = ByteBuffer.allocate(8 + padded + 12).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded).put(json);
        while (expected.position() < 8 + padded) {
            expected.put((byte) ' ');
        }
        expected.putFloat(1).putFloat(-2.5f).putInt(258);
        assertThat(file).containsExactly(expected.array());
    }

    @Test
    void readsAFileOfThePythonPackage() {
        try (SafeTensorsReader file = SafeTensorsReader.open(PYTHON)) {
            assertThat(file.metadata()).containsOnly(Map.entry("format", "pt"), Map.entry("note", "ä ö"));
            assertThat(file.entries().stream().map(TensorEntry::name))
                    .containsExactly("long", "b.weight", "empty", "scalar", "a.bias");
            Tensor weight = arena.allocate(Shape.of(2, 3));
            file.read("b.weight", weight);
            assertThat(weight.toFloats()).containsExactly(-2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f);
            Tensor bias = arena.allocate(DType.INT32, Shape.of(3));
            file.read("a.bias", bias);
            assertThat(bias.getInt(1)).isEqualTo(-2);
            Tensor scalar = arena.allocate(Shape.of());
            file.read("scalar", scalar);
            assertThat(scalar.getFloat(0)).isEqualTo(0.5f);
            file.read("empty", arena.allocate(Shape.of(0, 4)));
        }
    }

    @Test
    void saysWhatDoesNotMatch() {
        try (SafeTensorsReader file = SafeTensorsReader.open(PYTHON)) {
            Tensor pair = arena.allocate(Shape.of(2));
            assertThatThrownBy(() -> file.read("none", pair))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage(PYTHON + ", tensor 'none': expected float32[2], found no tensor of that name");
            assertThatThrownBy(() -> file.read("b.weight", pair))
                    .hasMessage(PYTHON + ", tensor 'b.weight': expected float32[2], found F32[2, 3]");
            assertThatThrownBy(() -> file.read("long", pair))
                    .hasMessage(
                            PYTHON + ", tensor 'long': expected float32[2], found I64[2] (a type that Ketju lacks)");
            assertThatThrownBy(() -> file.read("a.bias", arena.allocate(Shape.of(3))))
                    .hasMessage(PYTHON + ", tensor 'a.bias': expected float32[3], found I32[3]");
        }
    }

    @Test
    void everyBitSurvivesAcrossChunks() throws Exception {
        // Over 2 MiB, so that both sides work in several chunks, and all kinds of bits, NaN payloads included.
        Tensor tensor = arena.allocate(Shape.of(3, 200_001));
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, Float.intBitsToFloat(i * 0x9E3779B9));
        }
        Path path = folder.resolve("large.safetensors");
        FileDigest digest = DurableFile.write(
                path, out -> SafeTensorsWriter.write(out, List.of(new NamedTensor("x", tensor)), Map.of()));
        assertThat(FileDigest.of(path)).isEqualTo(digest);
        Tensor copy = arena.allocate(tensor.shape());
        try (SafeTensorsReader file = SafeTensorsReader.open(path)) {
            file.read("x", copy);
        }
        assertThat(copy.segment().mismatch(tensor.segment())).isEqualTo(-1);
    }

    @Test
    void aFileWithoutTensorsIsValid() throws Exception {
        Path path = folder.resolve("empty.safetensors");
        DurableFile.write(path, out -> SafeTensorsWriter.write(out, List.of(), Map.of("step", "3")));
        try (SafeTensorsReader file = SafeTensorsReader.open(path)) {
            assertThat(file.entries()).isEmpty();
            assertThat(file.metadata()).containsOnly(Map.entry("step", "3"));
        }
    }

    @Test
    void refusesNamesThatCannotBeRead() {
        Tensor x = arena.allocate(Shape.of(1));
        assertThatThrownBy(() -> write(List.of(new NamedTensor("x", x), new NamedTensor("x", x)), Map.of()))
                .hasMessage("two tensors are named 'x'");
        assertThatThrownBy(() -> write(List.of(new NamedTensor("__metadata__", x)), Map.of()))
                .hasMessage("a tensor cannot be named '__metadata__'");
    }

    private static byte[] write(List<NamedTensor> tensors, Map<String, String> metadata) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SafeTensorsWriter.write(Channels.newChannel(bytes), tensors, metadata);
        return bytes.toByteArray();
    }
}
