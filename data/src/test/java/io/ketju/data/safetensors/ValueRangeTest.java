package io.ketju.data.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueRangeTest {
    @TempDir
    private Path folder;

    /** Little-endian bytes of three numbers, NaN among some; smallest, largest and mean of the others. */
    @ParameterizedTest
    @CsvSource({
        "BOOL, 010001, 0, 0, 1, 0.6666666666666666",
        "U8, 0A01FF, 0, 1, 255, 88.66666666666667",
        "I8, 0A01FF, 0, -1, 10, 3.3333333333333335",
        "I16, 01000080FF7F, 0, -32768, 32767, 0",
        "U16, 01000080FF7F, 0, 1, 32768, 21845.333333333332",
        "I32, 010000000200000000000080, 0, -2147483648, 2, -715827881.6666666",
        "U32, 010000000200000000000080, 0, 1, 2147483648, 715827883.6666666",
        "I64, 01000000000000000200000000000000FEFFFFFFFFFFFFFF, 0, -2, 2, 0.3333333333333333",
        "U64, 00000000000000000000000000000000000000000000FF80, 0, 0, 9295148155915993088, 3.098382718638664e+18",
        "F16, 003C00C1007E, 1, -2.5, 1, -0.75",
        "BF16, 803F20C0C07F, 1, -2.5, 1, -0.75",
        "F32, 0000803F000020C00000C07F, 1, -2.5, 1, -0.75",
        "F32, 0000803F000020C0000080FF, 0, -Infinity, 1, -Infinity",
        "F64, 000000000000F03F00000000000004C0000000000000F87F, 1, -2.5, 1, -0.75"
    })
    void isOfAllButNotNumbers(String type, String hex, long notNumbers, double min, double max, double mean)
            throws IOException {
        try (SafeTensorsReader reader = SafeTensorsReader.open(file(type, 3, hex))) {
            assertThat(reader.range("w")).contains(new ValueRange(3, notNumbers, min, max, mean));
        }
    }

    @Test
    void nothingButNotNumbersHasNoRange() throws IOException {
        try (SafeTensorsReader reader = SafeTensorsReader.open(file("F16", 1, "007E"))) {
            assertThat(reader.range("w")).contains(new ValueRange(1, 1, Double.NaN, Double.NaN, Double.NaN));
        }
        try (SafeTensorsReader reader = SafeTensorsReader.open(file("F32", 0, ""))) {
            assertThat(reader.range("w")).contains(new ValueRange(0, 0, Double.NaN, Double.NaN, Double.NaN));
        }
    }

    @ParameterizedTest
    @CsvSource({"F8_E4M3, 010203", "C64, 0000803F000020C00000803F000020C00000803F000020C0"})
    void otherNumbersHaveNone(String type, String hex) throws IOException {
        try (SafeTensorsReader reader = SafeTensorsReader.open(file(type, 3, hex))) {
            assertThat(reader.range("w")).isEmpty();
            assertThatThrownBy(() -> reader.range("v"))
                    .isInstanceOf(BadDataException.class)
                    .hasMessageContaining("tensor 'v': expected a tensor, found none of that name");
        }
    }

    private Path file(String type, int elements, String hex) throws IOException {
        byte[] data = HexFormat.of().parseHex(hex);
        byte[] header = ("{\"w\":{\"dtype\":\"" + type + "\",\"shape\":[" + elements + "],\"data_offsets\":[0,"
                        + data.length + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header).put(data);
        return Files.write(folder.resolve("w.safetensors"), file.array());
    }
}
