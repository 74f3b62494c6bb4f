package io.ketju.tests.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Inputs that nobody meant, made of those that somebody did: a function of the seed and the number. */
final class Mutations {
    private static final int MOST_BYTES = 1 << 16;
    /** Where readers that count go wrong. */
    private static final long[] NUMBERS = {0, 1, -1, 127, 128, 255, 256, 32767, 65535, Integer.MAX_VALUE, Long.MAX_VALUE
    };

    private final List<byte[]> inputs;
    private final long seed;

    Mutations(List<byte[]> inputs, long seed) {
        this.inputs = inputs;
        this.seed = seed;
    }

    /** The input of this number. */
    byte[] get(int number) {
        Random random = new Random(seed * 1_000_003 + number);
        byte[] bytes = inputs.get(random.nextInt(inputs.size())).clone();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            bytes = mutated(bytes, random);
        }
        return bytes.length <= MOST_BYTES ? bytes : Arrays.copyOf(bytes, MOST_BYTES);
    }

    private byte[] mutated(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 3 -> write(bytes, at, NUMBERS[random.nextInt(NUMBERS.length)], 1 << random.nextInt(4));
            case 4 -> {
                return spliced(bytes, at, at + random.nextInt(Math.min(64, bytes.length - at) + 1), new byte[0]);
            }
            case 5 -> {
                byte[] piece = Arrays.copyOfRange(bytes, at, at + random.nextInt(bytes.length - at + 1));
                return spliced(bytes, at, at, piece);
            }
            case 6 -> {
                byte[] other = inputs.get(random.nextInt(inputs.size()));
                int from = random.nextInt(other.length + 1);
                return spliced(bytes, at, bytes.length, Arrays.copyOfRange(other, from, other.length));
            }
            default -> {
                byte[] noise = new byte[random.nextInt(16)];
                random.nextBytes(noise);
                return spliced(bytes, at, at, noise);
            }
        }
        return bytes;
    }

    private static void write(byte[] bytes, int at, long number, int width) {
        for (int i = 0; i < width && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (number >>> (8 * i));
        }
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
        byte[] result = new byte[from + middle.length + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
        return result;
    }
}
