package io.ketju.layers.recurrent;

import io.ketju.layers.Pass;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.dropout.DropoutMask;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.random.CounterRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass of a recurrent network: its levels upwards, or down again. Between levels, inputs and outputs lie as the
 * layer's do, [batch·length, columns]; each strand packs them for itself.
 */
final class RecurrentRun {
    private final Recurrence network;
    private final Pass pass;
    private final Kernels kernels;
    private final RecurrentRooms rooms;
    private final PackedOrder order;

    private RecurrentRun(Recurrence network, Pass pass, RecurrentRooms rooms, PackedOrder order) {
        this.network = network;
        this.pass = pass;
        this.rooms = rooms;
        this.order = order;
        kernels = pass.kernels();
    }

    static void forward(Recurrence network, Pass pass) {
        RecurrentRooms rooms = new RecurrentRooms(pass);
        Shape shape = pass.input(0).shape();
        boolean padded = pass.inputs() > 1 && pass.input(1).dtype() == DType.INT32;
        Tensor lengths = padded ? pass.input(1) : null;
        PackedOrder order =
                PackedOrder.write(rooms.order(), shape.dimension(0), shape.dimension(1), lengths, network.directions());
        new RecurrentRun(network, pass, rooms, order).forward();
    }

    static void backwardInput(Recurrence network, Pass pass) {
        RecurrentRun run = backward(network, pass);
        if (pass.wantsGradient(0)) {
            run.inputGradients(0, run.rows(pass.gradInput(0)));
        }
        if (run.rooms.initialGradient(0) != null) {
            int first = pass.inputs() - network.stateTensors();
            for (int strand = 0; strand < network.strands(); strand++) {
                run.strand(strand).writeInitialGradients(first);
            }
        }
    }

    static void backwardWeight(Recurrence network, Pass pass) {
        RecurrentRun run = backward(network, pass);
        for (int strand = 0; strand < network.strands(); strand++) {
            run.strand(strand).weightGradients();
        }
    }

    /** Whichever backward pass comes first makes the gradients of the gates, which both need. */
    private static RecurrentRun backward(Recurrence network, Pass pass) {
        RecurrentRooms rooms = new RecurrentRooms(pass);
        PackedOrder order = PackedOrder.of(rooms.order());
        RecurrentRun run = new RecurrentRun(network, pass, rooms, order);
        if (pass.firstBackward()) {
            run.gateGradients();
        }
        return run;
    }

    private void forward() {
        Tensor inputs = rows(pass.input(0));
        int given = pass.inputs() - network.stateTensors();
        // Sequences alone, or with lengths, are not followed by states.
        int firstState = given > 0 && pass.input(given).dtype() == DType.FLOAT32 ? given : RecurrentStrand.ZEROS;
        for (int level = 0; level < network.numLayers(); level++) {
            boolean top = level == network.numLayers() - 1;
            Tensor outputs = top ? rows(pass.output(0)) : rooms.between();
            RecurrentStrand first = strand(level * network.directions());
            first.forward(inputs, firstState);
            if (network.bidirectional()) {
                RecurrentStrand second = strand(level * 2 + 1);
                second.forward(inputs, firstState);
                first.writeOutputs(rooms.side(0));
                second.writeOutputs(rooms.side(1));
                kernels.indexing().concat(order.elements(), sides(), outputs);
            } else {
                first.writeOutputs(outputs);
            }
            if (!top && drops()) {
                kernels.dropout().forward(dropped(level), outputs, outputs);
            }
            inputs = outputs;
        }
    }

    private boolean drops() {
        return network.dropout() > 0 && pass.training();
    }

    /** What of a level's outputs the next one does not get. */
    private DropoutMask dropped(int level) {
        long elements = (long) order.elements() / Math.max(1, order.batch()) * network.outputSize();
        CounterRandom random = pass.random().stream("level " + level);
        return new DropoutMask(random, pass.firstSample() * elements, (float) network.dropout());
    }

    private void gateGradients() {
        for (int level = network.numLayers() - 1; level >= 0; level--) {
            Tensor gradOutputs = gradOutputs(level);
            if (network.bidirectional() && gradOutputs != null) {
                kernels.indexing().split(order.elements(), gradOutputs, sides());
            }
            for (int direction = 0; direction < network.directions(); direction++) {
                boolean half = network.bidirectional() && gradOutputs != null;
                strand(level * network.directions() + direction)
                        .gateGradients(half ? rooms.side(direction) : gradOutputs);
            }
            if (level > 0) {
                inputGradients(level, rooms.between());
                if (drops()) {
                    kernels.dropout().backward(dropped(level - 1), rooms.between(), rooms.between());
                }
            }
        }
    }

    private @Nullable Tensor gradOutputs(int level) {
        if (level < network.numLayers() - 1) {
            return rooms.between();
        }
        return pass.hasGradOutput(0) ? rows(pass.gradOutput(0)) : null;
    }

    private void inputGradients(int level, Tensor gradInputs) {
        strand(level * network.directions()).writeInputGradients(gradInputs);
        if (network.bidirectional()) {
            Tensor second = rooms.secondInputGradient(network.inputSize(level));
            strand(level * 2 + 1).writeInputGradients(second);
            kernels.elementwise().binary(Binary.ADD, gradInputs, second, gradInputs);
        }
    }

    private RecurrentStrand strand(int index) {
        return new RecurrentStrand(network, pass, rooms, order, index);
    }

    private List<Tensor> sides() {
        return List.of(rooms.side(0), rooms.side(1));
    }

    /** A tensor [batch, length, columns] as rows. */
    private Tensor rows(Tensor tensor) {
        return tensor.view(Shape.of(order.elements(), tensor.shape().dimension(-1)));
    }
}
