package io.ketju.cluster.security;

import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.ActorCell;
import org.apache.pekko.actor.ActorContext;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.stream.impl.BatchingInputBuffer;
import org.apache.pekko.stream.impl.FanIn;
import org.apache.pekko.stream.impl.fusing.ActorGraphInterpreter.ActorOutputBoundary;
import org.apache.pekko.stream.impl.io.TLSActor;
import org.apache.pekko.stream.impl.io.TcpConnectionStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import scala.collection.Iterator;

/**
 * Where a connection to the control port came from. Pekko's streams know that and tell neither whoever makes their engines nor the
 * engines, so it is looked up where they keep it: from the actor that reads the connection back to the socket that it reads from. Should a
 * version of Pekko keep it elsewhere, it is unknown, and all else goes on.
 */
final class Origin {
    private static final String UNKNOWN = "an address that is not known";

    /** Of what the actor reads from: what comes in from the network. */
    private static final int FROM_NETWORK = 0;

    private final @Nullable ActorCell reader;

    private Origin(@Nullable ActorCell reader) {
        this.reader = reader;
    }

    /**
     * Of the connection whose reader is made by this thread now. An actor that is being made has taken its own context from the top
     * of this thread's stack, and left an empty place there.
     */
    static Origin ofConnectionInTheMaking() {
        Iterator<ActorContext> contexts = ActorCell.contextStack().get().iterator();
        while (contexts.hasNext()) {
            ActorContext context = contexts.next();
            if (context != null) {
                return new Origin(context instanceof ActorCell cell ? cell : null);
            }
        }
        return new Origin(null);
    }

    /** The actor that reads the connection. */
    Optional<ActorRef> reader() {
        return Optional.ofNullable(reader).map(ActorCell::self);
    }

    /** The host, as it is compared; one for all whose host is not known. */
    Object host() {
        return address().<Object>map(InetSocketAddress::getAddress).orElse(UNKNOWN);
    }

    /** {@code host:port}, or that it is not known. */
    @Override
    public String toString() {
        return address()
                .map(address -> text(address.getAddress()) + ":" + address.getPort())
                .orElse(UNKNOWN);
    }

    private static String text(InetAddress host) {
        String text = host.getHostAddress();
        return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
    }

    /** Known from the first byte on; on threads other than the reader's it may be a little later. */
    private Optional<InetSocketAddress> address() {
        try {
            return reader != null && reader.actor() instanceof TLSActor tls
                    ? Optional.of(address(tls))
                    : Optional.empty();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return Optional.empty(); // not there yet, or nowhere that this version of Pekko would have it
        }
    }

    private static InetSocketAddress address(TLSActor reader) throws ReflectiveOperationException {
        BatchingInputBuffer[] inputs = part(reader.inputBunch(), FanIn.InputBunch.class, BatchingInputBuffer[].class);
        Subscription upstream = part(inputs[FROM_NETWORK], BatchingInputBuffer.class, Subscription.class);
        ActorOutputBoundary socket = part(upstream, upstream.getClass(), ActorOutputBoundary.class);
        for (GraphStageLogic logic : socket.shell().interpreter().logics()) {
            if (logic instanceof TcpConnectionStage.TcpStreamLogic) {
                return part(logic, TcpConnectionStage.TcpStreamLogic.class, InetSocketAddress.class);
            }
        }
        throw new NoSuchFieldException("no socket");
    }

    /** What an object keeps in its field of a type. Names of such fields are Scala's own. */
    private static <T> T part(Object owner, Class<?> declaring, Class<T> type) throws ReflectiveOperationException {
        for (Field field : declaring.getDeclaredFields()) {
            if (field.getType() == type) {
                field.setAccessible(true);
                return type.cast(Objects.requireNonNull(field.get(owner)));
            }
        }
        throw new NoSuchFieldException(declaring + " has no " + type);
    }
}
