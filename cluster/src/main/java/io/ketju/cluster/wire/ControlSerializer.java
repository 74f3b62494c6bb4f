package io.ketju.cluster.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.io.NotSerializableException;
import java.util.Map;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Control messages as Protobuf. Only the messages in this list cross the network: another class cannot be sent, and
 * an unknown manifest is refused, which Pekko logs and drops.
 */
public final class ControlSerializer extends SerializerWithStringManifest {
    /** Number of this serializer in Pekko's envelope; part of the wire format. */
    public static final int IDENTIFIER = 7351;

    private final Map<String, WireFormat<?>> byManifest;
    private final Map<Class<?>, WireFormat<?>> byClass;

    /**
     * Is made by Pekko.
     *
     * @param system whose actors messages name
     */
    public ControlSerializer(ExtendedActorSystem system) {
        ActorRefResolver resolver = ActorRefResolver.get(Adapter.toTyped(system));
        Map<String, WireFormat<?>> manifests = new java.util.TreeMap<>();
        Map<Class<?>, WireFormat<?>> classes = new java.util.HashMap<>();
        for (WireFormat<?> format : new ControlMessages(resolver).formats()) {
            manifests.put(format.manifest(), format);
            classes.put(format.type(), format);
        }
        byManifest = Map.copyOf(manifests);
        byClass = Map.copyOf(classes);
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return format(message).manifest();
    }

    @Override
    public byte[] toBinary(Object message) {
        return bytes(format(message), message);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        WireFormat<?> format = byManifest.get(manifest);
        if (format == null) {
            throw new NotSerializableException("unknown control message '" + manifest + "'");
        }
        try {
            return format.read().parse(bytes);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            NotSerializableException refused =
                    new NotSerializableException("control message '" + manifest + "': " + e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }

    private WireFormat<?> format(Object message) {
        WireFormat<?> format = byClass.get(message.getClass());
        if (format == null) {
            throw new IllegalArgumentException("no control message: " + message.getClass());
        }
        return format;
    }

    private static <T> byte[] bytes(WireFormat<T> format, Object message) {
        MessageLite proto = format.write().apply(format.type().cast(message));
        return proto.toByteArray();
    }
}
