package io.ketju.examples.gates;

import java.util.ArrayList;
import java.util.List;

/**
 * Gates in the order in which they compute. Every gate keeps its value and how much it changes with each input; backward
 * multiplies along the wires, from the last gate to the first, and adds where a wire was copied.
 */
final class Circuit {
    private final List<Gate> gates = new ArrayList<>();

    /** A gate, or a number that comes from outside, which has no inputs. */
    static final class Gate {
        final String name;
        final String sign;
        final double value;
        private final List<Gate> inputs;
        private final double[] slopes;
        double gradient;

        private Gate(String name, String sign, double value, List<Gate> inputs, double... slopes) {
            this.name = name;
            this.sign = sign;
            this.value = value;
            this.inputs = inputs;
            this.slopes = slopes;
        }

        boolean isInput() {
            return inputs.isEmpty();
        }
    }

    /**
     * From a gate to one that reads it.
     *
     * @param from its value goes forward
     * @param to the reader
     * @param gradient what comes back along this wire alone
     */
    record Wire(Gate from, Gate to, double gradient) {}

    Gate input(String name, double value) {
        return gate(name, name, value, List.of());
    }

    // region gates
    /** Passes the whole gradient to each of its inputs. */
    Gate add(String name, Gate a, Gate b) {
        return gate(name, "+", a.value + b.value, List.of(a, b), 1, 1);
    }

    /** Passes to each input the gradient times the other one. */
    Gate multiply(String name, Gate a, Gate b) {
        return gate(name, "×", a.value * b.value, List.of(a, b), b.value, a.value);
    }

    /** Passes the gradient to the larger input, nothing to the other. */
    Gate max(String name, Gate a, Gate b) {
        boolean first = a.value > b.value;
        return gate(name, "max", first ? a.value : b.value, List.of(a, b), first ? 1 : 0, first ? 0 : 1);
    }
    // end region

    Gate times(String name, int factor, Gate a) {
        return gate(name, "× " + factor, factor * a.value, List.of(a), factor);
    }

    Gate plus(String name, int number, Gate a) {
        return gate(name, "+ " + number, a.value + number, List.of(a), 1);
    }

    Gate exp(String name, Gate a) {
        double value = StrictMath.exp(a.value);
        return gate(name, "exp", value, List.of(a), value);
    }

    /** d(1/x)/dx is -1/x². */
    Gate reciprocal(String name, Gate a) {
        return gate(name, "1 / x", 1 / a.value, List.of(a), -1 / (a.value * a.value));
    }

    private Gate gate(String name, String sign, double value, List<Gate> inputs, double... slopes) {
        Gate gate = new Gate(name, sign, value, inputs, slopes);
        gates.add(gate);
        return gate;
    }

    // region backward
    /** The chain rule: gradients of the last gate's value with respect to every gate's. */
    void backward() {
        gates.getLast().gradient = 1;
        for (Gate gate : gates.reversed()) {
            for (int i = 0; i < gate.inputs.size(); i++) {
                gate.inputs.get(i).gradient += gate.slopes[i] * gate.gradient;
            }
        }
    }
    // end region

    List<Gate> gates() {
        return List.copyOf(gates);
    }

    /** All of them, with what {@link #backward} has sent along each. */
    List<Wire> wires() {
        List<Wire> wires = new ArrayList<>();
        for (Gate gate : gates) {
            for (int i = 0; i < gate.inputs.size(); i++) {
                wires.add(new Wire(gate.inputs.get(i), gate, gate.slopes[i] * gate.gradient));
            }
        }
        return wires;
    }
}
