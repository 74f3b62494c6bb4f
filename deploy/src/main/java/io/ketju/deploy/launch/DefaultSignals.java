package io.ketju.deploy.launch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What signals do to a process that asks for nothing else: end it. A JVM that has begun to end takes no notice of another signal, and
 * whoever sends one wants it to end at once.
 */
final class DefaultSignals {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultSignals.class);
    private static final int INTERRUPT = 2;
    private static final int TERMINATE = 15;

    /** {@code SIG_DFL} of the C library. */
    private static final MemorySegment DEFAULT = MemorySegment.NULL;

    /** {@code SIG_IGN}: whoever has started this process wants the signal to be ignored. */
    private static final MemorySegment IGNORED = MemorySegment.ofAddress(1);

    private DefaultSignals() {}

    /** From now on SIGTERM and Ctrl-C end this process at once, unless it was started with them ignored. */
    static void restore() {
        try {
            MethodHandle signal = Libc.function(
                    "signal", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            for (int number : new int[] {INTERRUPT, TERMINATE}) {
                MemorySegment before = (MemorySegment) signal.invokeExact(number, DEFAULT);
                if (before.equals(IGNORED)) {
                    MemorySegment ignored = (MemorySegment) signal.invokeExact(number, IGNORED);
                    LOG.debug("signal {} stays ignored: {}", number, ignored);
                }
            }
        } catch (Throwable e) {
            // A JVM without native access: another signal is only not heard.
            LOG.debug("signals stay the JVM's", e);
        }
    }
}
