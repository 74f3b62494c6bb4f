package io.ketju.deploy.launch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;

/**
 * Takes standard error back from the launcher's filter. The JVM announces incubator modules on fd 2 before any class of
 * ours runs, so the launcher starts it with fd 2 filtered and the real one under another number; from here on fd 2 is
 * the real one again, for Java and native code alike, and the filter ends.
 */
public final class StandardError {
    /** Number of the real standard error. Absent when Ketju was not started by its launcher. */
    private static final String PROPERTY = "ketju.stderr.fd";

    private static final int STANDARD_ERROR = 2;

    private StandardError() {}

    /** Does nothing without the launcher, or a second time. */
    public static void restore() {
        int real = Integer.getInteger(PROPERTY, -1);
        if (real <= STANDARD_ERROR) {
            return;
        }
        System.clearProperty(PROPERTY);
        FunctionDescriptor twoInts =
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        FunctionDescriptor oneInt = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        try {
            int copied = (int) Libc.function("dup2", twoInts).invokeExact(real, STANDARD_ERROR);
            if (copied == STANDARD_ERROR) {
                int ignored = (int) Libc.function("close", oneInt).invokeExact(real);
            }
        } catch (Throwable e) {
            // The filter stays in place and passes everything on: nothing is lost.
            System.err.flush();
        }
    }
}
