package io.ketju.examples.gates;

import java.util.ArrayList;
import java.util.List;

/**
 * Gates in the order in which they compute. Every gate keeps its value and how much it changes with each input; backward
 * multiplies along the wires, from the last gate to the first, and adds where a wire was copied.
 */
// region circuit
final class Circuit {
    private final List<Gate> gates = new ArrayList<>();

    /** A gate, or a number that comes from outside, which has no inputs. */
    static final class Gate {
        final String name;
        final double value;
        private final List<Gate> inputs;
        private final double[] slopes;
        double gradient;

        private Gate(String name, double value, List<Gate> inputs, double... slopes) {
            this.name = name;
            this.value = value;
            this.inputs = inputs;
            this.slopes = slopes;
        }

        boolean isInput() {
            return inputs.isEmpty();
        }
    }

    Gate input(String name, double value) {
        return gate(name, value, List.of());
    }

    /** Passes the whole gradient to each of its inputs. */
    Gate add(String name, Gate a, Gate b) {
        return gate(name, a.value + b.value, List.of(a, b), 1, 1);
    }

    /** Passes to each input the gradient times the other one. */
    Gate multiply(String name, Gate a, Gate b) {
        return gate(name, a.value * b.value, List.of(a, b), b.value, a.value);
    }

    /** Passes the gradient to the larger input, nothing to the other. */
    Gate max(String name, Gate a, Gate b) {
        boolean first = a.value > b.value;
        return gate(name, first ? a.value : b.value, List.of(a, b), first ? 1 : 0, first ? 0 : 1);
    }

    Gate times(String name, double factor, Gate a) {
        return gate(name, factor * a.value, List.of(a), factor);
    }

    Gate plus(String name, double number, Gate a) {
        return gate(name, a.value + number, List.of(a), 1);
    }

    Gate exp(String name, Gate a) {
        double value = StrictMath.exp(a.value);
        return gate(name, value, List.of(a), value);
    }

    /** d(1/x)/dx is -1/x². */
    Gate reciprocal(String name, Gate a) {
        return gate(name, 1 / a.value, List.of(a), -1 / (a.value * a.value));
    }

    private Gate gate(String name, double value, List<Gate> inputs, double... slopes) {
        Gate gate = new Gate(name, value, inputs, slopes);
        gates.add(gate);
        return gate;
    }

    /** The chain rule: gradients of the last gate's value with respect to every wire. */
    void backward() {
        gates.getLast().gradient = 1;
        for (Gate gate : gates.reversed()) {
            for (int i = 0; i < gate.inputs.size(); i++) {
                gate.inputs.get(i).gradient += gate.slopes[i] * gate.gradient;
            }
        }
    }

    List<Gate> gates() {
        return List.copyOf(gates);
    }
}
// end region
