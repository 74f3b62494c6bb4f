package io.ketju.data.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.file.FileDigest;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatConversionTest {
    @TempDir
    private Path folder;

    /** The little-endian bytes of 1, -2.5 and the type's value nearest to 0.1. */
    @ParameterizedTest
    @CsvSource({
        "F32, 0000803F000020C0CDCCCC3D, 0.1",
        "F64, 000000000000F03F00000000000004C09A9999999999B93F, 0.1",
        "F16, 003C00C1662E, 0.0999755859375",
        "BF16, 803F20C0CD3D, 0.10009765625"
    })
    void everyRealTypeIsReadAsFloat32(String type, String hex, float last) throws IOException {
        assertThat(read(type, hex)).containsExactly(1, -2.5f, last);
    }

    @Test
    void doublesAreRoundedToNearestEvenAndOverflowToInfinity() throws IOException {
        ByteBuffer doubles = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        doubles.putDouble(1 + Math.ulp(1f) / 2)
                .putDouble(1 + 1.5 * Math.ulp(1f))
                .putDouble(-1e300);
        assertThat(read("F64", java.util.HexFormat.of().formatHex(doubles.array())))
                .containsExactly(1, 1 + 2 * Math.ulp(1f), Float.NEGATIVE_INFINITY);
    }

    /** 1, -3 and 2^24 + 3, which lies between two floats and is rounded to the even one. */
    @ParameterizedTest
    @CsvSource({"I32, 01000000FDFFFFFF03000001", "I64, 0100000000000000FDFFFFFFFFFFFFFF0300000100000000"})
    void integersAreRoundedToNearestEven(String type, String hex) throws IOException {
        assertThat(read(type, hex)).containsExactly(1, -3, 16_777_220);
    }

    @ParameterizedTest
    @CsvSource({"I16, 010002000300", "U8, 010203", "BOOL, 010001"})
    void smallIntegersAreRefused(String type, String hex) {
        assertThatThrownBy(() -> read(type, hex))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("tensor 'w'")
                .hasMessageContaining(type + "[3]");
    }

    @Test
    void theDigestIsThatOfTheBytes() throws IOException {
        Path bytes =
                Files.write(folder.resolve("bytes"), java.util.HexFormat.of().parseHex("803F20C0CD3D"));
        try (SafeTensorsReader reader = SafeTensorsReader.open(file("BF16", "803F20C0CD3D"))) {
            assertThat(reader.sha256("w")).isEqualTo(FileDigest.of(bytes).sha256());
        }
    }

    private float[] read(String type, String hex) throws IOException {
        try (SafeTensorsReader reader = SafeTensorsReader.open(file(type, hex));
                TensorArena arena = new TensorArena(1 << 10)) {
            Tensor tensor = arena.allocate(Shape.of(3));
            reader.readFloats("w", tensor);
            return tensor.toFloats();
        }
    }

    private Path file(String type, String hex) throws IOException {
        byte[] data = java.util.HexFormat.of().parseHex(hex);
        byte[] header = ("{\"w\":{\"dtype\":\"" + type + "\",\"shape\":[3],\"data_offsets\":[0," + data.length + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header).put(data);
        return Files.write(folder.resolve("w.safetensors"), file.array());
    }
}
