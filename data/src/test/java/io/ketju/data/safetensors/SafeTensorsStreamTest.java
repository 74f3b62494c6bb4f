package io.ketju.data.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file that comes in pieces, wherever they are cut, is the file that lies on a disk. */
class SafeTensorsStreamTest {
    private final TensorArena arena = new TensorArena(1 << 20);
    private final Map<String, Tensor> written = new LinkedHashMap<>();
    private byte[] file = {};

    @BeforeEach
    void write() throws IOException {
        Random random = new Random(3);
        written.put("a", arena.allocate(Shape.of(3, 5)));
        written.put("nothing", arena.allocate(Shape.of(0)));
        written.put("one", arena.allocate(Shape.of()));
        written.put("counts", arena.allocate(DType.INT32, Shape.of(4)));
        written.put("last", arena.allocate(Shape.of(0)));
        List<NamedTensor> named = new ArrayList<>();
        written.forEach((name, tensor) -> {
            for (int i = 0; i < tensor.elements(); i++) {
                if (tensor.dtype() == DType.INT32) {
                    tensor.setInt(i, random.nextInt());
                } else {
                    tensor.setFloat(i, random.nextFloat());
                }
            }
            named.add(new NamedTensor(name, tensor));
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SafeTensorsWriter.write(Channels.newChannel(bytes), named, Map.of("key", "text"));
        file = bytes.toByteArray();
    }

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void whereverItIsCutTheTensorsAreThose() {
        for (int length = 1; length <= file.length; length++) {
            Map<String, Tensor> read = like(written);
            Set<String> found = new HashSet<>();
            SafeTensorsStream stream = new SafeTensorsStream("pieces", read, found);
            for (int at = 0; at < file.length; at += length) {
                stream.accept(ByteBuffer.wrap(file, at, Math.min(length, file.length - at)));
            }
            stream.end();
            assertThat(found).isEqualTo(written.keySet());
            written.forEach(
                    (name, tensor) -> assertThat(of(read, name).segment().mismatch(tensor.segment()))
                            .isEqualTo(-1));
        }
    }

    @Test
    void whatIsNotWantedIsPassedOver() {
        Map<String, Tensor> read = like(Map.of("counts", of(written, "counts")));
        Set<String> found = new HashSet<>();
        SafeTensorsStream stream = new SafeTensorsStream("pieces", read, found);
        stream.accept(ByteBuffer.wrap(file));
        stream.end();
        assertThat(found).containsExactly("counts");
        assertThat(of(read, "counts").segment().mismatch(of(written, "counts").segment()))
                .isEqualTo(-1);
    }

    @Test
    void anEndAnywhereIsTooEarlyAndMoreIsTooMuch() {
        for (int length = 0; length < file.length; length++) {
            SafeTensorsStream stream = new SafeTensorsStream("pieces", like(written), new HashSet<>());
            stream.accept(ByteBuffer.wrap(file, 0, length));
            assertThatThrownBy(stream::end).isInstanceOf(BadDataException.class).hasMessageStartingWith("pieces: ");
        }
        SafeTensorsStream stream = new SafeTensorsStream("pieces", like(written), new HashSet<>());
        stream.accept(ByteBuffer.wrap(file));
        assertThatThrownBy(() -> stream.accept(ByteBuffer.wrap(new byte[1])))
                .hasMessageContaining("bytes of data, as its tensors add up to");
    }

    @Test
    void headersAreJudgedAsOnADisk() {
        assertThatThrownBy(() -> accept(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1})))
                .hasMessageContaining("a header of at most ");
        assertThatThrownBy(() -> accept(header("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}")))
                .hasMessageContaining("to begin at offset 0");
        assertThatThrownBy(() -> accept(header("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")))
                .hasMessageContaining("tensor 'a'");
    }

    private static Tensor of(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name));
    }

    private void accept(ByteBuffer bytes) {
        new SafeTensorsStream("pieces", written, new HashSet<>()).accept(bytes);
    }

    private static ByteBuffer header(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .flip();
    }

    private Map<String, Tensor> like(Map<String, Tensor> tensors) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> copies.put(name, arena.allocate(tensor.dtype(), tensor.shape())));
        return copies;
    }
}
