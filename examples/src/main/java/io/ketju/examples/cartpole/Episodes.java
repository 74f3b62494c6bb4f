package io.ketju.examples.cartpole;

import io.ketju.examples.lesson.Points;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Episodes that were played at the same time: what was seen and done in each, step by step. */
final class Episodes {
    private final List<List<float[]>> states = new ArrayList<>();
    private final List<List<Integer>> actions = new ArrayList<>();

    private Episodes(int count) {
        for (int i = 0; i < count; i++) {
            states.add(new ArrayList<>());
            actions.add(new ArrayList<>());
        }
    }

    /** How an action is chosen by the policy's scores in one step of one episode. */
    @FunctionalInterface
    interface Choice {
        int of(float[] scores, long episode, int step);
    }

    /**
     * Plays to the end of all of them.
     *
     * @param first number of the first episode, which decides how it begins
     * @param policy the scores of both actions for each state
     */
    static Episodes play(CounterRandom start, long first, int count, UnaryOperator<float[][]> policy, Choice choice) {
        Episodes played = new Episodes(count);
        List<Cart> carts = IntStream.range(0, count)
                .mapToObj(i -> new Cart(start, first + i))
                .toList();
        List<Integer> running =
                new ArrayList<>(IntStream.range(0, count).boxed().toList());
        while (!running.isEmpty()) {
            float[][] seen = running.stream().map(i -> carts.get(i).state()).toArray(float[][]::new);
            float[][] scores = policy.apply(seen);
            for (int i = 0; i < seen.length; i++) {
                Cart cart = carts.get(running.get(i));
                int action = choice.of(scores[i], first + running.get(i), cart.steps());
                played.states.get(running.get(i)).add(seen[i]);
                played.actions.get(running.get(i)).add(action);
                cart.push(action);
            }
            running.removeIf(i -> carts.get(i).ended());
        }
        return played;
    }

    /** An action by chance, as probable as the policy says. */
    static Choice drawn(CounterRandom random) {
        return (scores, episode, step) -> {
            double right = 1 / (1 + StrictMath.exp(scores[0] - scores[1]));
            return random.uniform(episode * Cart.LONGEST + step) < right ? 1 : 0;
        };
    }

    /** The action that the policy likes best. */
    static Choice best() {
        return (scores, episode, step) -> Points.largest(scores);
    }

    /** Rewards of each episode: its steps. */
    double[] returns() {
        return actions.stream().mapToDouble(List::size).toArray();
    }

    /** All states, episode by episode. */
    float[][] states() {
        return states.stream().flatMap(List::stream).toArray(float[][]::new);
    }

    /** All actions, episode by episode. */
    int[] actions() {
        return actions.stream()
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** What followed each step, γ times less for every step that it came later. */
    float[] discounted(double gamma) {
        float[] all = new float[actions().length];
        int end = 0;
        for (List<Integer> episode : actions) {
            int begin = end;
            end += episode.size();
            double following = 0;
            for (int i = end - 1; i >= begin; i--) {
                following = 1 + gamma * following;
                all[i] = (float) following;
            }
        }
        return all;
    }
}
