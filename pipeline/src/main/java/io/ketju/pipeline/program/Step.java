package io.ketju.pipeline.program;

import io.ketju.layers.Footprint;
import io.ketju.layers.FullBackward;
import io.ketju.layers.join.Joined;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import java.util.List;
import java.util.OptionalInt;

/** One thing that a stage does in the forward of a micro-batch, and takes back in its backward. */
public sealed interface Step {
    /** What becomes of the gradient that a step makes for one of its inputs. */
    enum Flow {
        /** Nobody wants it. */
        NONE,
        /** It is the first part of the value's gradient. */
        FIRST,
        /** It is added to the parts of later steps. */
        ADD
    }

    /** {@return what the step reads} */
    List<Value> inputs();

    /** {@return for each input, what becomes of its gradient} */
    List<Flow> flows();

    /** {@return whether any input wants a gradient from this step} */
    default boolean flowsBack() {
        return flows().stream().anyMatch(flow -> flow != Flow.NONE);
    }

    /**
     * A layer, or several that run as one.
     *
     * @param index of its last node in the model
     * @param joined what runs, and the nodes that it stands for
     * @param footprint for the largest types
     * @param outputs what it makes
     * @param flows for each input, what becomes of its gradient
     * @param learns whether its weights get gradients
     */
    record LayerStep(
            int index, Joined joined, Footprint footprint, List<Value> outputs, List<Flow> flows, boolean learns)
            implements Step {
        /** Copies the lists. */
        public LayerStep {
            outputs = List.copyOf(outputs);
            flows = List.copyOf(flows);
        }

        /** {@return what runs} */
        public Node node() {
            return joined.node();
        }

        @Override
        public List<Value> inputs() {
            return node().inputs();
        }

        /**
         * Whether the gradient of an input may be written over that of the output: nobody reads that one later.
         *
         * @param splits whether weight gradients may be made later than those of the inputs
         */
        boolean inPlace(int port, boolean splits) {
            boolean readOnce = !learns || (node().layer() instanceof FullBackward && !splits);
            return readOnce && footprint.inPlace().equals(OptionalInt.of(port));
        }

        /** {@return whether output 0 is input 0 under another shape} */
        public boolean view() {
            return footprint.view();
        }
    }

    /**
     * A loss.
     *
     * @param index of the head in the model
     * @param head that measures
     * @param flows for each input, what becomes of its gradient
     */
    record LossStep(int index, Head head, List<Flow> flows) implements Step {
        /** Copies the list. */
        public LossStep {
            flows = List.copyOf(flows);
        }

        @Override
        public List<Value> inputs() {
            return head.inputs();
        }
    }
}
