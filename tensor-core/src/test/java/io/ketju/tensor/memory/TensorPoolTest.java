package io.ketju.tensor.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TensorPoolTest {
    private static final Shape SHAPE = Shape.of(2, 8);

    @Test
    void aLeaseIsClosedOnce() {
        try (TensorPool pool = new TensorPool("activations", SHAPE.bytes(), 1)) {
            TensorLease lease = pool.lease(SHAPE);
            assertThat(pool.outstanding()).isEqualTo(1);
            lease.close();
            assertThat(pool.outstanding()).isZero();
            assertThatThrownBy(lease::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("closed twice: lease of buffer 0 of pool 'activations' (0 of 1 lent)");
            assertThatThrownBy(lease::tensor)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("use after close: lease of buffer 0");
            assertThat(pool.outstanding()).isZero();
        }
    }

    @Test
    void theSecondCloseDoesNotReleaseTheNextLease() {
        try (TensorPool pool = new TensorPool("activations", SHAPE.bytes(), 1)) {
            TensorLease first = pool.lease(SHAPE);
            first.close();
            TensorLease second = pool.lease(SHAPE);
            assertThatThrownBy(first::close).isInstanceOf(IllegalStateException.class);
            assertThat(pool.outstanding()).isEqualTo(1);
            second.tensor().setFloat(0, 1);
            second.close();
        }
    }

    @Test
    void anExhaustedPoolThrows() {
        try (TensorPool pool = new TensorPool("gradients", SHAPE.bytes(), 2)) {
            TensorLease one = pool.lease(SHAPE);
            TensorLease two = pool.lease(SHAPE);
            assertThat(one.tensor().segment().address())
                    .isNotEqualTo(two.tensor().segment().address());
            assertThatThrownBy(() -> pool.lease(SHAPE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no free buffer in pool 'gradients' (2 of 2 lent)");
            one.close();
            pool.lease(SHAPE).close();
            two.close();
        }
    }

    @Test
    void aShapeThatDoesNotFitTakesNoBuffer() {
        try (TensorPool pool = new TensorPool("small", 64, 1)) {
            assertThatThrownBy(() -> pool.lease(Shape.of(17))).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(pool.outstanding()).isZero();
        }
    }

    @Test
    void aLeaseMayBeClosedByAnotherThread() throws InterruptedException {
        try (TensorPool pool = new TensorPool("moved", SHAPE.bytes(), 1)) {
            AtomicInteger released = new AtomicInteger();
            pool.onRelease(released::incrementAndGet);
            TensorLease lease = pool.lease(SHAPE);
            lease.tensor().setFloat(3, 7);
            AtomicReference<Float> seen = new AtomicReference<>();
            Thread receiver = new Thread(() -> {
                seen.set(lease.tensor().getFloat(3));
                lease.close();
            });
            receiver.start();
            receiver.join();
            assertThat(seen.get()).isEqualTo(7f);
            assertThat(released).hasValue(1);
            assertThat(pool.outstanding()).isZero();
        }
    }

    @Test
    void threadsThatLeaseAndCloseNeverShareABuffer() throws InterruptedException {
        int threads = 4;
        try (TensorPool pool = new TensorPool("contended", 64, threads)) {
            AtomicInteger clashes = new AtomicInteger();
            Thread[] all = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                int id = t + 1;
                all[t] = new Thread(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        TensorLease lease = pool.lease(Shape.of(1));
                        lease.tensor().setInt(0, id);
                        clashes.addAndGet(lease.tensor().getInt(0) == id ? 0 : 1);
                        lease.close();
                    }
                });
                all[t].start();
            }
            for (Thread thread : all) {
                thread.join();
            }
            assertThat(clashes).hasValue(0);
            assertThat(pool.outstanding()).isZero();
        }
    }

    @Test
    void closingThePoolEndsLentTensors() {
        TensorPool pool = new TensorPool("stopped", SHAPE.bytes(), 1);
        Tensor tensor = pool.lease(SHAPE).tensor();
        pool.close();
        assertThatThrownBy(() -> tensor.getFloat(0)).isInstanceOf(IllegalStateException.class);
    }
}
