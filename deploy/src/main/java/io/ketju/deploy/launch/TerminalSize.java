package io.ketju.deploy.launch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** How wide the terminal behind standard output is at the moment: its window may be resized at any time. */
public final class TerminalSize {
    /** What terminals have that do not say. */
    public static final int DEFAULT_COLUMNS = 80;

    private static final int STANDARD_OUTPUT = 1;

    /** {@code unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel}. */
    private static final MemoryLayout WINSIZE = MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_SHORT);

    private static final long COLUMNS_OFFSET = ValueLayout.JAVA_SHORT.byteSize();

    private @Nullable MethodHandle ioctl;

    /** Characters in a line; 80 where standard output is no terminal. */
    public synchronized int columns() {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle call = ioctl == null ? link() : ioctl;
            MemorySegment size = arena.allocate(WINSIZE);
            int result = (int) call.invokeExact(STANDARD_OUTPUT, request(), size);
            int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, COLUMNS_OFFSET));
            return result == 0 && columns > 0 ? columns : DEFAULT_COLUMNS;
        } catch (Throwable e) {
            // A system without this call, or a JVM without native access: the display only fits less well.
            return DEFAULT_COLUMNS;
        }
    }

    private MethodHandle link() {
        MethodHandle linked = Libc.function(
                "ioctl",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
        ioctl = linked;
        return linked;
    }

    /** {@code TIOCGWINSZ}, which fills the struct: Linux has a number of its own on most processors. */
    private static long request() {
        boolean linux = "Linux".equals(System.getProperty("os.name"));
        return linux && !System.getProperty("os.arch").startsWith("ppc") ? 0x5413 : 0x40087468;
    }
}
