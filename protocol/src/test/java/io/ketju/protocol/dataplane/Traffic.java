package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An edge between two planes over which tensors go one by one, each compared with what was sent. */
final class Traffic implements AutoCloseable {
    static final EdgeId EDGE = new EdgeId(0x77, 0x88, 1, 0, 1, TensorKind.ACTIVATION);

    private final Shape shape;
    private final Receiver receiver;
    private final TensorPool source;
    private final Semaphore free = new Semaphore(1);
    private final OutboundEdge edge;
    private final Random random = new Random(4711);
    private long window;

    /**
     * Owns the receiving plane, which it closes.
     *
     * @param floats of each tensor
     */
    Traffic(DataPlane from, DataPlane to, int floats) throws Exception {
        shape = Shape.of(floats);
        receiver = new Receiver(to, EDGE, 2, shape.bytes());
        source = new TensorPool("source", shape.bytes(), 1);
        source.onRelease(free::release);
        edge = from.connect(to.address(), EDGE, cause -> {})
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    String carrier() {
        return edge.carrier();
    }

    /** Sends so many and compares the bits of what arrives. */
    void pass(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            free.acquire();
            float[] values = new float[shape.elements()];
            TensorLease sent = source.lease(DType.FLOAT32, shape);
            for (int j = 0; j < values.length; j++) {
                values[j] = Float.intBitsToFloat(random.nextInt());
                sent.tensor().setFloat(j, values[j]);
            }
            FrameKey key = new FrameKey(window++, 0, 0);
            edge.send(key, sent);
            Receiver.Arrival arrival = receiver.take();
            try (TensorLease lease = arrival.lease()) {
                assertThat(arrival.key()).isEqualTo(key);
                for (int j = 0; j < values.length; j++) {
                    if (Float.floatToRawIntBits(lease.tensor().getFloat(j)) != Float.floatToRawIntBits(values[j])) {
                        throw new AssertionError("element " + j + " of tensor " + key + " is another");
                    }
                }
            }
        }
        assertThat(receiver.isClosed()).isFalse();
    }

    @Override
    public void close() {
        receiver.close();
        assertThat(receiver.pool.outstanding()).isZero();
        source.close();
    }
}
