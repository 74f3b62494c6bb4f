package io.ketju.benchmarks.dataplane;

import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.dataplane.DataPlaneOptions;
import io.ketju.protocol.dataplane.InboundEdge;
import io.ketju.protocol.dataplane.OutboundEdge;
import io.ketju.protocol.dataplane.PlaneSecurity;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Two data planes in one process, one edge from one to the other. */
final class DataPlaneCopy implements AutoCloseable {
    private static final int CREDITS = 8;
    private static final EdgeId EDGE = new EdgeId(1, 2, 3, 0, 1, TensorKind.ACTIVATION);

    private final Shape shape;
    private final TensorPool source;
    private final TensorPool sink;
    private final Semaphore free = new Semaphore(CREDITS);
    private final Semaphore arrived = new Semaphore(0);
    private final DataPlane left;
    private final DataPlane right;
    private final OutboundEdge edge;
    private volatile String broken = "";
    private long window;

    DataPlaneCopy(int bytes, PlaneSecurity security) {
        left = DataPlane.open(DataPlaneOptions.defaults().withSecurity(security));
        right = DataPlane.open(DataPlaneOptions.defaults().withSecurity(security));
        shape = Shape.of(bytes / DType.BYTES);
        source = new TensorPool("source", bytes, CREDITS);
        sink = new TensorPool("sink", bytes, CREDITS);
        source.onRelease(free::release);
        sink.onRelease(() -> right.creditReturned(EDGE, 1));
        right.accept(EDGE, new Sink());
        edge = left.connect(right.address(), EDGE, this::ended)
                .toCompletableFuture()
                .join();
    }

    /** Which socket interface moves the bytes. */
    String transport() {
        return left.transportName();
    }

    /** Sends so many tensors and waits until the last has arrived. */
    void copy(int count) {
        for (int i = 0; i < count; i++) {
            free.acquireUninterruptibly();
            edge.send(new FrameKey(window++, 0, 0), source.lease(shape));
        }
        arrived.acquireUninterruptibly(count);
        if (!broken.isEmpty()) {
            throw new IllegalStateException("the edge has ended: " + broken);
        }
    }

    /** Pools outlive the data planes whose leases they are. */
    @Override
    public void close() {
        left.close();
        right.close();
        source.close();
        sink.close();
    }

    /** Wakes the waiting copy, so that a broken edge is an error and not a silence. */
    private void ended(Optional<Throwable> cause) {
        cause.ifPresent(e -> {
            broken = e.toString();
            arrived.release(Integer.MAX_VALUE / 2);
        });
    }

    private final class Sink implements InboundEdge {
        @Override
        public int credits() {
            return CREDITS;
        }

        @Override
        public long maxPayloadBytes() {
            return shape.bytes();
        }

        @Override
        public TensorLease lease(DType dtype, Shape received) {
            return sink.lease(dtype, received);
        }

        @Override
        public void arrived(FrameKey key, TensorLease lease) {
            lease.close();
            arrived.release();
        }

        @Override
        public void closed(Optional<Throwable> cause) {
            ended(cause);
        }
    }
}
