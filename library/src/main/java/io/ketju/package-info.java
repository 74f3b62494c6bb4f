/**
 * Training and prediction in one JVM. There is nothing here but dependencies: start at {@code io.ketju.actors.Ketju}, the
 * doorway.
 */
package io.ketju;
