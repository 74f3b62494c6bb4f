/**
 * Graphs whose nodes have features and classes: {@link io.ketju.data.graph.GraphFiles} reads them, {@link
 * io.ketju.data.graph.GraphNodes} makes training and test data of one.
 */
@NullMarked
package io.ketju.data.graph;

import org.jspecify.annotations.NullMarked;
