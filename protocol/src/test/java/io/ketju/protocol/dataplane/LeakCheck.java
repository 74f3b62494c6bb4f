package io.ketju.protocol.dataplane;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which a Netty buffer is found that was dropped without a release. JUnit registers it for
 * every class of the module.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + records));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        String found = collect();
        if (!found.isEmpty()) {
            throw new AssertionError("LEAK: " + found);
        }
    }

    /** Netty reports a lost buffer when the next one is tracked after the garbage collector found the first. */
    static String collect() {
        for (int i = 0; i < 3; i++) {
            awaitCollection();
            ByteBuf probe = PooledByteBufAllocator.DEFAULT.directBuffer(16);
            probe.release();
        }
        String found = String.join("\n", LEAKS);
        LEAKS.clear();
        return found;
    }

    /** Returns when the collector has handed on what it found: it does so on a thread of its own, a little later. */
    private static void awaitCollection() {
        ReferenceQueue<Object> found = new ReferenceQueue<>();
        WeakReference<Object> dropped = new WeakReference<>(new Object(), found);
        for (int attempt = 0; attempt < 100; attempt++) {
            System.gc();
            try {
                if (dropped.equals(found.remove(100))) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for the garbage collector", e);
            }
        }
        throw new IllegalStateException("the garbage collector found nothing in 100 runs");
    }
}
