package io.dfc.tornado.runtime;

/**
 * A launch that a share asks for.
 *
 * @param numbers what a copy brings to the device, or room for what it fetches; null with other
 *     kernels
 * @param from where these begin
 * @param length how many there are
 */
record LaunchRequest(
        DeviceShare share, Kernel kernel, int groups, float[] numbers, int from, int length) {}
