/**
 * The model zoo: known architectures in code, and in job files. Each has a file of its own, with what job files write of it; {@code
 * Models} is the table of names. What several share are {@code Networks} and {@code Stem} (over images), {@code ConvNormActivation},
 * {@code StartingWeights}, {@code Cell} and {@code Sequence} (over texts), {@code GraphNetwork} (over graphs) and {@code Counts}.
 *
 * <p>The path of a name: {@link io.ketju.layers.model.zoo.Models#named} reads {@code gpt(...)} and finds its line in the table; the entry of
 * {@code GPT} matches the arguments with its description, and its {@code model} builds the graph by a {@code ModelBuilder}. Each is a
 * block or a whole graph of layers whose parameters are called as in PyTorch's modules, and can be cut anywhere.
 */
@NullMarked
package io.ketju.layers.model.zoo;

import org.jspecify.annotations.NullMarked;
