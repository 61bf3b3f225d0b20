// A worker thread that fails while it starts.
throw new Error('no room');
