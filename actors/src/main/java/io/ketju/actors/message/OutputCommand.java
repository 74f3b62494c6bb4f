package io.ketju.actors.message;

import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What a receiver of the model's outputs understands. None of it leaves the JVM: tensors come to it over the data plane. */
public sealed interface OutputCommand {
    /**
     * The outputs of this window are wanted, after those of the windows before; to be sent before the window is granted.
     *
     * @param wanted one tensor for each of the model's outputs, of all samples: the receiver's to write until it answers
     */
    record Expect(Window window, List<Tensor> wanted, ActorRef<Outputs> replyTo) implements OutputCommand {
        public Expect {
            wanted = List.copyOf(wanted);
        }
    }

    /** A tensor from a stage; the lease moves. */
    record DeliverOutput(TensorKey key, TensorLease lease) implements OutputCommand {}

    /** The connection that brings the outputs of a stage broke. */
    record LinkLost(int stage, String cause) implements OutputCommand {}

    /** The run ends: a connection that closes from now on is no loss. */
    record Release() implements OutputCommand {}

    /** No more outputs come: every window that is still expected is answered with the reason. */
    record Stop(String reason) implements OutputCommand {}

    /**
     * Answer to {@link Expect}.
     *
     * @param failure why not all of them came; empty: all are in their places
     */
    record Outputs(long window, Optional<String> failure) {}
}
