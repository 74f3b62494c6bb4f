package io.ketju.cluster.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.util.function.Function;

/**
 * How one message crosses the network.
 *
 * @param manifest its name on the wire; never reused for another meaning
 * @param type the Java record
 */
record WireFormat<T>(String manifest, Class<T> type, Function<T, MessageLite> write, Parser<T> read) {
    /** Reads what {@code write} made. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(byte[] bytes) throws InvalidProtocolBufferException;
    }
}
