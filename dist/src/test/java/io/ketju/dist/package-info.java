/**
 * What has been packed is tried as those do who unpack it. {@code ArchiveTest} is of the archives, {@code ImageTest} of the
 * container image, which {@code UnpackedImage} enters as an engine would; {@code PodsTest} plays the manifests of Kubernetes in
 * it. All train {@code SmallJob} and compare its state with the one that a single thread comes to.
 */
@NullMarked
package io.ketju.dist;

import org.jspecify.annotations.NullMarked;
