"""The to-do list that the quickstart builds: one parser, abort, and the URL rules of two resources."""

import itertools


def build(framework, app):
    api = framework.Api(app)
    numbers = itertools.count(4)
    tasks = {"todo1": {"task": "build an API"}, "todo2": {"task": "?????"}, "todo3": {"task": "profit!"}}
    parser = framework.reqparse.RequestParser()
    parser.add_argument("task")
    parser.add_argument("rate", type=int, help="Rate to charge for this resource")

    def abort_if_unknown(todo_id):
        if todo_id not in tasks:
            framework.abort(404, message=f"Todo {todo_id} doesn't exist")

    @api.resource("/todos")
    class TodoList(framework.Resource):
        def get(self):
            return tasks

        def post(self):
            todo_id = f"todo{next(numbers)}"
            tasks[todo_id] = {"task": parser.parse_args()["task"]}
            return tasks[todo_id], 201, {"Location": api.url_for(Todo, todo_id=todo_id)}

    class Todo(framework.Resource):
        def get(self, todo_id):
            abort_if_unknown(todo_id)
            return tasks[todo_id]

        def put(self, todo_id):
            arguments = parser.parse_args(strict=True)
            tasks[todo_id] = {"task": arguments.task}
            return tasks[todo_id], 201

        def delete(self, todo_id):
            abort_if_unknown(todo_id)
            del tasks[todo_id]
            return "", 204

    class Position(framework.Resource):
        def get(self, position=0):
            return list(tasks)[position]

    api.add_resource(Todo, "/todos/<todo_id>", "/todo/<todo_id>", endpoint="todo_ep")
    api.add_resource(Position, "/positions/<int:position>", "/first")


REQUESTS = {
    "the list": {"path": "/todos"},
    "one": {"path": "/todos/todo3"},
    "one by its second URL": {"path": "/todo/todo3"},
    "one that nobody made": {"path": "/todos/todo99"},
    "one whose id is not ASCII": {"path": "/todos/t%C3%B6d%C3%B6"},
    "add by JSON": {"method": "POST", "path": "/todos", "json": {"task": "something new"}},
    "add with nothing": {"method": "POST", "path": "/todos", "json": {}},
    "add with a number as text": {"method": "POST", "path": "/todos", "json": {"task": 7}},
    "add with a rate": {"method": "POST", "path": "/todos", "json": {"task": "charge", "rate": "7"}},
    "add with a bad rate": {"method": "POST", "path": "/todos", "json": {"rate": "foo"}},
    "add with cut JSON": {"method": "POST", "path": "/todos", "data": '{"task": ', "content_type": "application/json"},
    "change by JSON": {"method": "PUT", "path": "/todos/todo3", "json": {"task": "something different"}},
    "change with an unknown argument": {"method": "PUT", "path": "/todos/todo3", "json": {"task": "a", "colour": "b"}},
    "the changed one": {"path": "/todos/todo3"},
    "remove": {"method": "DELETE", "path": "/todos/todo2"},
    "remove again": {"method": "DELETE", "path": "/todos/todo2"},
    "the list after all that": {"path": "/todos"},
    "a method that the list lacks": {"method": "DELETE", "path": "/todos"},
    "a method that HTTP lacks": {"method": "FETCH", "path": "/todos"},
    "HEAD": {"method": "HEAD", "path": "/todos/todo3"},
    "HEAD of one that nobody made": {"method": "HEAD", "path": "/todos/todo99"},
    "OPTIONS": {"method": "OPTIONS", "path": "/todos/todo3"},
    "an unknown URL": {"path": "/nowhere"},
    "a URL with a slash too many": {"path": "/todos/"},
    "an integer in the URL": {"path": "/positions/2"},
    "a word instead of it": {"path": "/positions/two"},
    "the same resource without it": {"path": "/first"},
    # The order matters: Flask-RESTful refuses these, and what they would have stored must not show above.
    "add by form": {"method": "POST", "path": "/todos", "data": {"task": "something new"}},
    "add by query": {"method": "POST", "path": "/todos?task=something+new"},
    "add with an empty body": {"method": "POST", "path": "/todos"},
    "add with a bad rate by form": {"method": "POST", "path": "/todos", "data": {"rate": "foo"}},
    "change by form": {"method": "PUT", "path": "/todos/todo3", "data": {"task": "something different"}},
}
