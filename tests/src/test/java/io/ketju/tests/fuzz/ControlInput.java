package io.ketju.tests.fuzz;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ketju.cluster.wire.ControlSerializer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;

/** A control message, for the serializer of a real actor system. */
final class ControlInput {
    private static final ControlSerializer SERIALIZER =
            new ControlSerializer((ExtendedActorSystem) ActorSystem.create("fuzz", quiet()));

    private ControlInput() {}

    private static Config quiet() {
        return ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF, daemonic = on }")
                .withFallback(ConfigFactory.load());
    }

    /** The name of the message, a zero, its bytes. */
    static void read(byte[] input) throws Exception {
        int cut = 0;
        while (cut < input.length && input[cut] != 0) {
            cut++;
        }
        String manifest = new String(input, 0, cut, StandardCharsets.ISO_8859_1);
        byte[] bytes = Arrays.copyOfRange(input, Math.min(cut + 1, input.length), input.length);
        Object message = SERIALIZER.fromBinary(bytes, manifest);
        if (!SERIALIZER.manifest(message).equals(manifest)) {
            throw new IllegalStateException(manifest + " was read as " + message);
        }
    }
}
