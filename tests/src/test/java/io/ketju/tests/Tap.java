package io.ketju.tests;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * A network interface of Linux whose other end is this process: whole Ethernet frames are read and written. Only root may make one. It
 * may be moved to another namespace of the network; it ends with that, or when it is closed.
 */
final class Tap implements AutoCloseable {
    /** More than a frame has. */
    static final int LONGEST = 1 << 16;

    private static final int READ_AND_WRITE = 2;
    private static final long SET_INTERFACE = 0x4004_54CAL;
    private static final short ETHERNET_WITHOUT_HEADER = 0x1002;
    private static final int REQUEST_BYTES = 40;
    private static final int NAME_BYTES = 16;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN =
            function("open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT), 2);
    private static final MethodHandle IOCTL = function(
            "ioctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            2);
    private static final MethodHandle READ = function("read", transfer());
    private static final MethodHandle WRITE = function("write", transfer());
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int file;

    private Tap(int file) {
        this.file = file;
    }

    private static FunctionDescriptor transfer() {
        return FunctionDescriptor.of(
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type, int fixedArguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), type, Linker.Option.firstVariadicArg(fixedArguments));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }

    /** Makes one of this name, of at most 15 letters and digits, which is down. Throws if that is not possible here. */
    static Tap open(String name) {
        try (Arena arena = Arena.ofConfined()) {
            int file = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), READ_AND_WRITE);
            if (file < 0) {
                throw new IllegalStateException("/dev/net/tun cannot be opened");
            }
            MemorySegment request = arena.allocate(REQUEST_BYTES);
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, bytes.length);
            request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, ETHERNET_WITHOUT_HEADER);
            Tap made = new Tap(file);
            if ((int) IOCTL.invokeExact(file, SET_INTERFACE, request) < 0) {
                made.close();
                throw new IllegalStateException("the interface " + name + " cannot be made");
            }
            return made;
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Waits for a frame and returns its length, or a negative number when the interface has ended. */
    int read(MemorySegment frame) {
        try {
            return (int) (long) READ.invokeExact(file, frame, frame.byteSize());
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Sends a frame; it is lost if the interface is down or has ended. */
    void write(MemorySegment frame) {
        try {
            long ignored = (long) WRITE.invokeExact(file, frame, frame.byteSize());
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        try {
            int ignored = (int) CLOSE.invokeExact(file);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Of a handle's call, which may throw anything and does not. */
    private static RuntimeException failed(Throwable e) {
        if (e instanceof RuntimeException known) {
            return known;
        }
        return new IllegalStateException(e);
    }
}
